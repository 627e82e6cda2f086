package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.FurtherDemand;
import io.fairlead.routing.Upstream;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the call demands, and that certain upstreams are asked. */
final class Wanted extends FurtherDemand {
  private final Predicate<Upstream> wanted;
  private final Bench bench;

  private Wanted(Demand base, Predicate<Upstream> wanted, Bench bench) {
    super(base);
    this.wanted = wanted;
    this.bench = bench;
  }

  /** Of an answer that the client may get. */
  static Wanted ofAnswer(Demand ofCall, Predicate<Upstream> wanted, Bench bench) {
    return new Wanted(ofCall, wanted, bench);
  }

  /**
   * Of a witness, who need not meet what the call demands, such as to have accepted the client's
   * transaction: a witness says the same of a fixed block or that it does not have it.
   */
  static Wanted ofWitness(Predicate<Upstream> wanted, Bench bench) {
    return new Wanted(Demand.NONE, wanted, bench);
  }

  @Override
  public boolean mayAsk(Upstream upstream) {
    return wanted.test(upstream) && super.mayAsk(upstream);
  }

  @Override
  public boolean isSelective() {
    return true;
  }

  @Override
  public @Nullable String lacking() {
    String refused = bench.refused();
    return refused == null ? super.lacking() : refused;
  }
}
