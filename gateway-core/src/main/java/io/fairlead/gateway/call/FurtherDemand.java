package io.fairlead.gateway.call;

import io.fairlead.routing.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * A demand beyond another: everything that the other demands and hears of, but for what is
 * overridden.
 *
 * <p>To be extended by whatever wraps a demand, so that nothing is kept from the one inside. An
 * override that narrows asks {@code super} too.
 *
 * <p>Thread-safety: confined to the event loop of its call.
 */
public abstract class FurtherDemand implements Demand {
  private final Demand base;

  /**
   * A demand that adds nothing yet.
   *
   * @param base what is demanded anyway
   */
  protected FurtherDemand(Demand base) {
    this.base = base;
  }

  @Override
  public boolean mayAsk(Upstream upstream) {
    return base.mayAsk(upstream);
  }

  @Override
  public void onAsked(Upstream upstream) {
    base.onAsked(upstream);
  }

  @Override
  public void onWait() {
    base.onWait();
  }

  @Override
  public boolean mayHedge() {
    return base.mayHedge();
  }

  @Override
  public boolean isSelective() {
    return base.isSelective();
  }

  @Override
  public long neededBlock() {
    return base.neededBlock();
  }

  @Override
  public @Nullable Doubt judge(Upstream by, HeldAnswer answer) {
    return base.judge(by, answer);
  }

  @Override
  public long patienceNanos() {
    return base.patienceNanos();
  }

  @Override
  public @Nullable String lacking() {
    return base.lacking();
  }

  @Override
  public @Nullable Ballot ballot() {
    return base.ballot();
  }
}
