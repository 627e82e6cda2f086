package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.Demand;
import io.fairlead.routing.Upstream;

/**
 * A filter of pending transactions, which live on one upstream and so does the filter.
 *
 * <p>Thread-safety: see {@link Filter}.
 */
final class PendingFilter extends Filter {
  private static final int OWN_BYTES = 512;

  private Upstream upstream;
  private String upstreamId;

  /**
   * A filter.
   *
   * @param upstream who has it
   * @param upstreamId its id there, JSON
   */
  PendingFilter(Upstream upstream, String upstreamId, long nowNanos) {
    super(nowNanos);
    this.upstream = upstream;
    this.upstreamId = upstreamId;
  }

  /** Has it on another upstream from now on. */
  void moveTo(Upstream other, String otherId) {
    upstream = other;
    upstreamId = otherId;
  }

  String upstreamId() {
    return upstreamId;
  }

  /** To be asked is who has it, and nobody else. */
  Demand there() {
    Upstream only = upstream;
    return new Demand() {
      @Override
      public boolean mayAsk(Upstream candidate) {
        return candidate == only;
      }

      @Override
      public boolean isSelective() {
        return true;
      }
    };
  }

  @Override
  int weightBytes() {
    return OWN_BYTES;
  }
}
