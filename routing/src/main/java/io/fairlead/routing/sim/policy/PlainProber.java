package io.fairlead.routing.sim.policy;

import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Health;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A prober that does in few lines what the production prober does in essence: every upstream is
 * what it says it is, heads come from subscriptions once a second, one that is out or on its way
 * back is probed once a second, and one that nobody heard from for a block's time is probed as
 * well.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
public final class PlainProber implements SimProber {
  private static final long INTERVAL_NANOS = 1_000_000_000L;
  private static final long TIMEOUT_NANOS = 2_000_000_000L;

  private final ChainRouter router;
  private final Network network;
  private final long idleNanos;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final boolean[] isConfigured;
  private final boolean[] isSuspect;
  private final long[] heardNanos;
  private boolean hasBegun;

  /**
   * A prober that has not begun.
   *
   * @param router to be told
   * @param network the way to upstreams
   * @param blockTimeNanos the time from block to block
   */
  public PlainProber(ChainRouter router, Network network, long blockTimeNanos) {
    this.router = router;
    this.network = network;
    this.idleNanos = Math.max(INTERVAL_NANOS, blockTimeNanos);
    int size = network.upstreams().size();
    for (int i = 0; i < size; i++) {
      indexes.put(network.upstreams().get(i).id(), i);
    }
    isConfigured = new boolean[size];
    isSuspect = new boolean[size];
    heardNanos = new long[size];
  }

  @Override
  public void onUpstreams(List<UpstreamSpec> now) {
    Arrays.fill(isConfigured, false);
    for (UpstreamSpec spec : now) {
      int upstream = indexOf(spec.id());
      isConfigured[upstream] = true;
      heardNanos[upstream] = network.nanoTime();
      router.onIdentity(spec.id(), Identity.VERIFIED);
    }
    if (hasBegun) {
      tellHeads();
    } else {
      hasBegun = true;
      lookRound();
    }
  }

  private int indexOf(String id) {
    return Objects.requireNonNull(indexes.get(id), id);
  }

  private void lookRound() {
    tellHeads();
    long now = network.nanoTime();
    for (int u = 0; u < isConfigured.length; u++) {
      if (isConfigured[u] && (isSuspect[u] || now - heardNanos[u] >= idleNanos)) {
        heardNanos[u] = now;
        probe(u);
      }
    }
    network.schedule(this::lookRound, INTERVAL_NANOS);
  }

  private void tellHeads() {
    List<Long> heads = new ArrayList<>();
    for (int u = 0; u < isConfigured.length; u++) {
      long head = isConfigured[u] ? network.headBlocks(u) : -1;
      if (head >= 0) {
        heads.add(head);
        router.onHead(network.upstreams().get(u).id(), head);
      }
    }
    if (!heads.isEmpty()) {
      heads.sort(null);
      router.setChainHead(heads.get(heads.size() / 2));
    }
  }

  private void probe(int upstream) {
    String id = network.upstreams().get(upstream).id();
    boolean[] isOver = new boolean[1];
    network.probe(
        upstream,
        reply -> {
          if (!isOver[0]) {
            isOver[0] = true;
            router.onProbe(id, reply.result(), reply.elapsedNanos());
          }
        });
    network.schedule(
        () -> {
          if (!isOver[0]) {
            isOver[0] = true;
            router.onProbe(id, AttemptResult.TIMED_OUT, TIMEOUT_NANOS);
          }
        },
        TIMEOUT_NANOS);
  }

  @Override
  public void onTable(RoutingTable table) {
    for (int i = 0; i < table.size(); i++) {
      int upstream = indexOf(table.upstream(i).id());
      isSuspect[upstream] = table.status(table.upstream(i)).health() != Health.HEALTHY;
    }
  }

  @Override
  public void onOrganicAnswer(int upstream, long headBlocks) {
    heardNanos[upstream] = network.nanoTime();
  }
}
