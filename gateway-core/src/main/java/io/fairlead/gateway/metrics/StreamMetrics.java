package io.fairlead.gateway.metrics;

import io.fairlead.gateway.stream.StreamObserver;
import io.fairlead.routing.Upstream;

/**
 * Counts what passes between the gateway and the upstreams that it listens to.
 *
 * <p>Thread-safety: safe.
 */
final class StreamMetrics implements StreamObserver {
  private final Families families;

  StreamMetrics(Families families) {
    this.families = families;
  }

  private static String[] labels(Upstream upstream) {
    return UpstreamLabels.of(upstream).with();
  }

  @Override
  public void onConnected(Upstream upstream) {
    families.streamConnections.labels(labels(upstream)).inc();
  }

  @Override
  public void onDisconnected(Upstream upstream, boolean wasOpen, String reason) {
    if (wasOpen) {
      families.streamConnections.labels(labels(upstream)).dec();
    }
  }

  @Override
  public void onReconnect(Upstream upstream) {
    families.streamReconnects.labels(labels(upstream)).inc();
  }

  @Override
  public void onSubscriptions(Upstream upstream, int change) {
    families.streamSubscriptions.labels(labels(upstream)).inc(change);
  }

  @Override
  public void onPush(Upstream upstream) {
    families.streamPushes.labels(labels(upstream)).inc();
  }

  @Override
  public void onPoll(Upstream upstream) {
    families.streamPolls.labels(labels(upstream)).inc();
  }

  @Override
  public void onSilent(Upstream upstream) {
    families.streamSilences.labels(labels(upstream)).inc();
  }

  /** Drops what was counted of an upstream that is gone. */
  static void remove(Families families, UpstreamLabels labels) {
    String[] of = labels.with();
    families.streamConnections.remove(of);
    families.streamReconnects.remove(of);
    families.streamSubscriptions.remove(of);
    families.streamPushes.remove(of);
    families.streamPolls.remove(of);
    families.streamSilences.remove(of);
  }
}
