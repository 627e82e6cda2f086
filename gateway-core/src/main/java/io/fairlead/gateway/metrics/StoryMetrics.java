package io.fairlead.gateway.metrics;

import io.prometheus.client.Counter;

/**
 * Counts what the story of one chain costs and whom it is told.
 *
 * <p>Thread-safety: safe.
 */
public final class StoryMetrics {
  private final Counter.Child notifications;
  private final Counter.Child gapBlocks;
  private final Counter.Child logQueries;

  StoryMetrics(Families families, String chain) {
    notifications = families.notifications.labels(chain);
    gapBlocks = families.gapBlocks.labels(chain);
    logQueries = families.logQueries.labels(chain);
  }

  /**
   * Notifications were sent to clients.
   *
   * @param count how many
   */
  public void onSent(int count) {
    notifications.inc(count);
  }

  /** A header is fetched. */
  public void onGapBlock() {
    gapBlocks.inc();
  }

  /** The logs of a block are fetched. */
  public void onLogQuery() {
    logQueries.inc();
  }
}
