package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.FurtherDemand;
import io.fairlead.routing.Upstream;
import java.util.function.Predicate;

/** What the call demands, of trusted upstreams alone. */
final class TrustedOnly extends FurtherDemand {
  private final Predicate<Upstream> isTrusted;

  /**
   * A demand.
   *
   * @param ofCall what the call demands
   * @param isTrusted who may be asked
   */
  TrustedOnly(Demand ofCall, Predicate<Upstream> isTrusted) {
    super(ofCall);
    this.isTrusted = isTrusted;
  }

  @Override
  public boolean mayAsk(Upstream upstream) {
    return isTrusted.test(upstream) && super.mayAsk(upstream);
  }

  @Override
  public boolean isSelective() {
    return true;
  }
}
