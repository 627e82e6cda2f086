package io.fairlead.routing;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One address with one credential in one place: the unit of pick, probe, ejection and drain.
 *
 * <p>An object of this class stands for the upstream from the configuration that first names it to
 * the one that drops or changes it. Identity is by object; {@link #slot()} indexes arrays that
 * others keep per upstream.
 *
 * <p>Thread-safety: safe; the count of attempts in flight is shared by all event loops.
 */
public final class Upstream {
  private final String chain;
  private final int slot;
  private final UpstreamSpec spec;
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * An upstream with nothing in flight.
   *
   * @param chain the chain's name
   * @param slot a small number that no other upstream of the process has had
   * @param spec what the operator said of it
   */
  public Upstream(String chain, int slot, UpstreamSpec spec) {
    this.chain = chain;
    this.slot = slot;
    this.spec = spec;
  }

  /**
   * The chain it serves.
   *
   * @return the chain's name
   */
  public String chain() {
    return chain;
  }

  /**
   * A small number of its own, for arrays.
   *
   * @return 0 or more
   */
  public int slot() {
    return slot;
  }

  /**
   * Its id within the chain.
   *
   * @return the id
   */
  public String id() {
    return spec.id();
  }

  /**
   * What the operator said of it.
   *
   * @return the specification
   */
  public UpstreamSpec spec() {
    return spec;
  }

  /**
   * Attempts under way now, over all event loops.
   *
   * @return 0 or more
   */
  public int inFlight() {
    return inFlight.get();
  }

  /**
   * Takes a permit for one attempt unless {@link UpstreamSpec#maxConcurrency()} is reached.
   *
   * @return whether the attempt may start; if so, {@link #release()} is owed once
   */
  public boolean tryAcquire() {
    if (inFlight.incrementAndGet() > spec.maxConcurrency()) {
      inFlight.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Gives back the permit of one attempt. */
  public void release() {
    inFlight.decrementAndGet();
  }

  @Override
  public String toString() {
    return chain + "/" + spec.id();
  }
}
