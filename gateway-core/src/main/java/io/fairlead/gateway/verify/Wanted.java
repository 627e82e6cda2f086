package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.Doubt;
import io.fairlead.gateway.call.HeldAnswer;
import io.fairlead.routing.Upstream;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the call demands, and that certain upstreams are asked. */
final class Wanted implements Demand {
  private final Demand ofCall;
  private final Predicate<Upstream> wanted;
  private final boolean isFirst;
  private final Bench bench;

  /**
   * A demand.
   *
   * @param isFirst whether the client may get the answer; a witness need not meet what the call
   *     demands, such as to have accepted the client's transaction: it says the same of a fixed
   *     block or that it does not have it
   */
  Wanted(Demand ofCall, Predicate<Upstream> wanted, boolean isFirst, Bench bench) {
    this.ofCall = ofCall;
    this.wanted = wanted;
    this.isFirst = isFirst;
    this.bench = bench;
  }

  @Override
  public boolean mayAsk(Upstream upstream) {
    return wanted.test(upstream) && (!isFirst || ofCall.mayAsk(upstream));
  }

  @Override
  public boolean isSelective() {
    return true;
  }

  @Override
  public @Nullable Doubt judge(Upstream by, HeldAnswer answer) {
    return isFirst ? ofCall.judge(by, answer) : null;
  }

  @Override
  public long patienceNanos() {
    return isFirst ? ofCall.patienceNanos() : 0;
  }

  @Override
  public @Nullable String lacking() {
    String refused = bench.refused();
    return refused == null ? ofCall.lacking() : refused;
  }

  @Override
  public io.fairlead.gateway.call.@Nullable Ballot ballot() {
    return isFirst ? ofCall.ballot() : null;
  }
}
