package io.fairlead.routing.sim.policy;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to have a call answered, as far as a gateway may know it. The engine extends it by
 * what only the world knows.
 *
 * <p>Thread-safety: none; the thread that plays the scenario.
 */
public class SimAttempt {
  private final SimCall call;
  private final int upstream;
  private final long sentNanos;
  private @Nullable Object attachment;

  /**
   * An attempt that is sent now.
   *
   * @param call what is asked
   * @param upstream whom
   * @param sentNanos when
   */
  public SimAttempt(SimCall call, int upstream, long sentNanos) {
    this.call = call;
    this.upstream = upstream;
    this.sentNanos = sentNanos;
  }

  /**
   * What is asked.
   *
   * @return the call
   */
  public final SimCall call() {
    return call;
  }

  /**
   * Who is asked.
   *
   * @return its index in {@link Network#upstreams()}
   */
  public final int upstream() {
    return upstream;
  }

  /**
   * When it was sent.
   *
   * @return nanoseconds since the start of the play
   */
  public final long sentNanos() {
    return sentNanos;
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
   * Keeps something of the gateway's with the attempt.
   *
   * @param newAttachment anything
   */
  public final void attach(@Nullable Object newAttachment) {
    attachment = newAttachment;
  }
}
