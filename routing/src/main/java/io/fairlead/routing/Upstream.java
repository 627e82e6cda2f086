package io.fairlead.routing;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One address with one credential in one place: the unit of pick, probe, ejection and drain.
 *
 * <p>An object of this class stands for the upstream from the configuration that first names it to
 * the one that drops or changes it. Identity is by object; {@link #slot()} indexes arrays that
 * others keep per upstream.
 *
 * <p><b>Permits.</b> An attempt takes a permit when it starts and gives it back when it ends; there
 * are as many as {@link UpstreamSpec#maxConcurrency()} says. An upstream whose quota has been
 * learnt from its 429s is <i>paced</i> besides: an attempt also uses up one of the calls that the
 * control loop grants it many times a second. Both are counted over all event loops, without locks.
 *
 * <p>Thread-safety: safe; {@link #grant} and {@link #unpace} belong to the control loop.
 */
public final class Upstream {
  private static final int UNPACED = -1;

  private final String chain;
  private final int slot;
  private final UpstreamSpec spec;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger heavyInFlight = new AtomicInteger();
  private final AtomicInteger granted = new AtomicInteger(UNPACED);

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
   * Attempts of heavy calls under way now, over all event loops.
   *
   * @return 0 or more, of {@link #inFlight()}
   */
  public int heavyInFlight() {
    return heavyInFlight.get();
  }

  /**
   * Whether {@link #tryAcquire} would succeed now.
   *
   * @return false at {@link UpstreamSpec#maxConcurrency()} and when its pace allows no call yet
   */
  public boolean isOpen() {
    return inFlight.get() < spec.maxConcurrency() && granted.get() != 0;
  }

  /**
   * Takes a permit for one attempt unless {@link UpstreamSpec#maxConcurrency()} is reached or its
   * pace allows no call yet.
   *
   * @param methodClass of which class
   * @return whether the attempt may start; if so, {@link #release} is owed once
   */
  public boolean tryAcquire(MethodClass methodClass) {
    if (inFlight.incrementAndGet() > spec.maxConcurrency() || !tryUseGrant()) {
      inFlight.decrementAndGet();
      return false;
    }
    if (methodClass.isHeavy()) {
      heavyInFlight.incrementAndGet();
    }
    return true;
  }

  private boolean tryUseGrant() {
    int left = granted.get();
    while (left > 0 && !granted.compareAndSet(left, left - 1)) {
      left = granted.get();
    }
    return left != 0;
  }

  /**
   * Gives back the permit of one attempt.
   *
   * @param methodClass with which it was taken
   */
  public void release(MethodClass methodClass) {
    if (methodClass.isHeavy()) {
      heavyInFlight.decrementAndGet();
    }
    inFlight.decrementAndGet();
  }

  /**
   * Paces it, and allows it more calls.
   *
   * @param calls 0 or more, on top of what was not used
   * @param most what may be saved up, 1 or more
   */
  public void grant(int calls, int most) {
    int left = granted.get();
    while (!granted.compareAndSet(left, (int) Math.min(most, (long) Math.max(0, left) + calls))) {
      left = granted.get();
    }
  }

  /**
   * Lends it one call in advance if its pace allows none now.
   *
   * @return whether its pace was what kept a call from it
   */
  public boolean tryBorrow() {
    return inFlight.get() < spec.maxConcurrency() && granted.compareAndSet(0, 1);
  }

  /** Ends the pacing: no quota of it is known (any more). */
  public void unpace() {
    granted.set(UNPACED);
  }

  /**
   * Whether a learnt quota paces it.
   *
   * @return true between {@link #grant} and {@link #unpace}
   */
  public boolean isPaced() {
    return granted.get() != UNPACED;
  }

  @Override
  public String toString() {
    return chain + "/" + spec.id();
  }
}
