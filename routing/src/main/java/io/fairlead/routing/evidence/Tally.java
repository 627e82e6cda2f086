package io.fairlead.routing.evidence;

import io.fairlead.routing.MethodClass;
import java.util.Arrays;

/**
 * What happened at one upstream between two ticks, over all lanes.
 *
 * <p>Thread-safety: none; reused by the control loop.
 */
public final class Tally {
  private static final int CLASSES = MethodClass.ALL.size();

  private final long[] successes = new long[CLASSES];
  private final long[] failures = new long[CLASSES];
  private long failureNanos;
  private long overdue;
  private long credits;
  private long silent;
  long accountRefused;
  private long holdOffs;
  private long retryAfterNanos = -1;

  /** Forgets everything. */
  public void clear() {
    Arrays.fill(successes, 0);
    Arrays.fill(failures, 0);
    failureNanos = 0;
    overdue = 0;
    credits = 0;
    silent = 0;
    accountRefused = 0;
    holdOffs = 0;
    retryAfterNanos = -1;
  }

  /**
   * Adds one probe.
   *
   * @param result how it ended
   */
  public void addProbe(AttemptResult result) {
    addEnded(MethodClass.LIGHT.index(), result.isSuccess() ? 1 : 0, result.isFailure() ? 1 : 0, 0);
  }

  void addEnded(int methodClass, long ok, long failed, long nanos) {
    successes[methodClass] += ok;
    failures[methodClass] += failed;
    failureNanos += nanos;
  }

  void addOverdue(int methodClass, long begun, long lateSuccesses, long lateFailures) {
    overdue += begun;
    credits += lateSuccesses;
    silent += lateFailures;
    successes[methodClass] += lateSuccesses;
    failures[methodClass] += lateFailures;
  }

  void onHoldOffs(long count, long retryAfter) {
    holdOffs += count;
    retryAfterNanos = Math.max(retryAfterNanos, retryAfter);
  }

  /**
   * Attempts of a class that speak for health.
   *
   * @param methodClass the class
   * @return how many ended well, late ones included
   */
  public long successes(MethodClass methodClass) {
    return successes[methodClass.index()];
  }

  /**
   * Attempts of a class that failed.
   *
   * @param methodClass the class
   * @return how many ended badly, those included that were cut off after long silence
   */
  public long failures(MethodClass methodClass) {
    return failures[methodClass.index()];
  }

  /**
   * Evidence against health for a detector: failures, and attempts grown overdue; each attempt
   * once.
   *
   * @return how many
   */
  public long bad() {
    return Arrays.stream(failures).sum() - silent + overdue;
  }

  /**
   * Evidence for health.
   *
   * @return how many attempts ended well
   */
  public long good() {
    return Arrays.stream(successes).sum();
  }

  /**
   * Attempts whose silence counted as {@link #bad}, now or in an earlier tally, and that succeeded
   * after all.
   *
   * @return how many to take back
   */
  public long credits() {
    return credits;
  }

  /**
   * Attempts that grew overdue.
   *
   * @return how many of {@link #bad} are silence
   */
  public long overdue() {
    return overdue;
  }

  /**
   * How long failures took altogether.
   *
   * @return nanoseconds
   */
  public long failureNanos() {
    return failureNanos;
  }

  /**
   * Attempts refused for credential or plan.
   *
   * @return how many
   */
  public long accountRefused() {
    return accountRefused;
  }

  /**
   * Requests to be left alone.
   *
   * @return how many
   */
  public long holdOffs() {
    return holdOffs;
  }

  /**
   * The longest time asked for.
   *
   * @return nanoseconds, or -1 if nobody said
   */
  public long retryAfterNanos() {
    return retryAfterNanos;
  }
}
