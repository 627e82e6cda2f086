package io.fairlead.gateway.upstream.h2;

import java.util.concurrent.TimeUnit;

/**
 * Tells a path that is dead from one that is quiet: once something was asked and nothing at all has
 * come for a second, a PING is due; while it is not answered by the next look the path is suspect,
 * and {@value #PATIENCE_SECONDS} s after it the path is dead. Any byte ends the suspicion.
 *
 * <p>Thread-safety: loop-confined.
 */
final class Silence {
  static final int PATIENCE_SECONDS = 5;

  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);

  private long reads;
  private long readsAtLook = -1;
  private long quietNanos;
  private long pingNanos;
  private boolean awaiting;
  private boolean pinged;
  private boolean suspect;

  /** What a look says is to be done. */
  enum Verdict {
    /** Nothing. */
    WAIT,
    /** A PING is to be sent. */
    PING,
    /** The connection is to be closed. */
    DEAD
  }

  /** Something was asked. */
  void onAsked() {
    awaiting = true;
  }

  /** Bytes came. */
  void onRead() {
    reads++;
  }

  /** How often bytes came so far. */
  long reads() {
    return reads;
  }

  /** Whether a PING is out for longer than it should be. */
  boolean isSuspect() {
    return suspect && reads == readsAtLook;
  }

  /**
   * Looks; to be called about once a second.
   *
   * @param nowNanos the time
   * @param isEmpty whether no answer is awaited
   * @return what to do
   */
  Verdict look(long nowNanos, boolean isEmpty) {
    if (reads != readsAtLook || !awaiting) {
      restart(nowNanos, isEmpty);
      return Verdict.WAIT;
    }
    if (!pinged) {
      return lookForQuiet(nowNanos);
    }
    if (nowNanos - pingNanos < PATIENCE_NANOS) {
      suspect = true;
      return Verdict.WAIT;
    }
    return Verdict.DEAD;
  }

  private void restart(long nowNanos, boolean isEmpty) {
    readsAtLook = reads;
    quietNanos = nowNanos;
    awaiting = !isEmpty;
    pinged = false;
    suspect = false;
  }

  private Verdict lookForQuiet(long nowNanos) {
    if (nowNanos - quietNanos < QUIET_NANOS) {
      return Verdict.WAIT;
    }
    pinged = true;
    pingNanos = nowNanos;
    return Verdict.PING;
  }
}
