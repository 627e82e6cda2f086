package io.fairlead.routing.sim.policy;

import io.fairlead.routing.MethodClass;
import org.jspecify.annotations.Nullable;

/**
 * A client's call, as far as a gateway may know it. The engine extends it by what only the world
 * knows.
 *
 * <p>Thread-safety: none; the thread that plays the scenario.
 */
public class SimCall {
  /**
   * What a gateway reads off a call.
   *
   * @param methodClass the class of its method
   * @param isHeadSensitive whether the answer depends on the newest block
   * @param isRepeatable whether it may be sent again although it may have been processed
   */
  public record Traits(MethodClass methodClass, boolean isHeadSensitive, boolean isRepeatable) {}

  private final long id;
  private final long arrivedNanos;
  private final Traits traits;
  private boolean ended;
  private @Nullable Object attachment;

  /**
   * A call that has just arrived.
   *
   * @param id its number in the play, from 0, the same under every policy
   * @param arrivedNanos when
   * @param traits what it is
   */
  public SimCall(long id, long arrivedNanos, Traits traits) {
    this.id = id;
    this.arrivedNanos = arrivedNanos;
    this.traits = traits;
  }

  /**
   * Its number.
   *
   * @return 0 or more, counted over all gateways
   */
  public final long id() {
    return id;
  }

  /**
   * When it arrived.
   *
   * @return nanoseconds since the start of the play
   */
  public final long arrivedNanos() {
    return arrivedNanos;
  }

  /**
   * What it asks.
   *
   * @return the class of its method
   */
  public final MethodClass methodClass() {
    return traits.methodClass();
  }

  /**
   * Whether the answer depends on the newest block.
   *
   * @return true if an upstream that lags would answer wrongly
   */
  public final boolean isHeadSensitive() {
    return traits.isHeadSensitive();
  }

  /**
   * Whether it may be sent again although it may have been processed.
   *
   * @return false for writes
   */
  public final boolean isRepeatable() {
    return traits.isRepeatable();
  }

  /**
   * Whether its client has an answer or has given up.
   *
   * @return true from then on
   */
  public final boolean isEnded() {
    return ended;
  }

  /** Ends it; the engine's to call. */
  public final void end() {
    ended = true;
  }

  /**
   * What the gateway has attached.
   *
   * @return null at first
   */
  public final @Nullable Object attachment() {
    return attachment;
  }

  /**
   * Keeps something of the gateway's with the call.
   *
   * @param newAttachment anything
   */
  public final void attach(@Nullable Object newAttachment) {
    attachment = newAttachment;
  }
}
