package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.Doubt;
import io.fairlead.gateway.call.HeldAnswer;
import io.fairlead.routing.Upstream;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the call demands, of trusted upstreams alone.
 *
 * @param ofCall what the call demands
 * @param isTrusted who may be asked
 */
record TrustedOnly(Demand ofCall, Predicate<Upstream> isTrusted) implements Demand {
  @Override
  public boolean mayAsk(Upstream upstream) {
    return isTrusted.test(upstream) && ofCall.mayAsk(upstream);
  }

  @Override
  public boolean isSelective() {
    return true;
  }

  @Override
  public @Nullable Doubt judge(Upstream by, HeldAnswer answer) {
    return ofCall.judge(by, answer);
  }

  @Override
  public long patienceNanos() {
    return ofCall.patienceNanos();
  }

  @Override
  public @Nullable String lacking() {
    return ofCall.lacking();
  }

  @Override
  public io.fairlead.gateway.call.@Nullable Ballot ballot() {
    return ofCall.ballot();
  }
}
