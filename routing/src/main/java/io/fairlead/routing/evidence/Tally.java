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
  private static final int[][] CLASSES_OF = {
    classesOf(ClassGroup.QUICK), classesOf(ClassGroup.HEAVY)
  };

  private final long[] successes = new long[CLASSES];
  private final long[] failures = new long[CLASSES];
  private final long[] overdue = new long[CLASSES];
  private final long[] credits = new long[CLASSES];
  private final long[] silent = new long[CLASSES];
  private final long[] slow = new long[CLASSES];
  private long failureNanos;
  long accountRefused;
  private long holdOffs;
  private long retryAfterNanos = -1;

  private static int[] classesOf(ClassGroup group) {
    return MethodClass.ALL.stream().filter(group::has).mapToInt(MethodClass::index).toArray();
  }

  /** Forgets everything. */
  public void clear() {
    Arrays.fill(successes, 0);
    Arrays.fill(failures, 0);
    Arrays.fill(overdue, 0);
    Arrays.fill(credits, 0);
    Arrays.fill(silent, 0);
    Arrays.fill(slow, 0);
    failureNanos = 0;
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
    if (result == AttemptResult.TIMED_OUT) {
      addOverdue(MethodClass.LIGHT.index(), 1, 0, 1);
    } else {
      addEnded(
          MethodClass.LIGHT.index(), result.isSuccess() ? 1 : 0, result.isFailure() ? 1 : 0, 0);
    }
  }

  void addEnded(int methodClass, long ok, long failed, long nanos) {
    successes[methodClass] += ok;
    failures[methodClass] += failed;
    failureNanos += nanos;
  }

  void addOverdue(int methodClass, long begun, long lateSuccesses, long lateFailures) {
    overdue[methodClass] += begun;
    credits[methodClass] += lateSuccesses;
    silent[methodClass] += lateFailures;
    successes[methodClass] += lateSuccesses;
    failures[methodClass] += lateFailures;
  }

  void addSlow(int methodClass, long results) {
    slow[methodClass] += results;
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
   * Attempts of a class that grew overdue.
   *
   * @param methodClass the class
   * @return how many
   */
  public long overdue(MethodClass methodClass) {
    return overdue[methodClass.index()];
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
   * What speaks for health and against it: failures, and attempts grown overdue, each attempt once.
   *
   * @param group of which classes
   * @return the outcomes
   */
  public Outcomes health(ClassGroup group) {
    long begun = sum(group, overdue);
    long bad = sum(group, failures) - sum(group, silent) + begun;
    return new Outcomes(sum(group, successes), bad, begun, sum(group, credits));
  }

  /**
   * Attempts that ended well.
   *
   * @return how many, over all classes
   */
  public long good() {
    return Arrays.stream(successes).sum();
  }

  /**
   * What speaks for an ordinary pace and against it: results slower than {@link
   * EvidenceLane#setSlowAbove} allows. Failures say nothing on pace.
   *
   * @param group of which classes
   * @return the outcomes
   */
  public Outcomes pace(ClassGroup group) {
    long late = sum(group, slow);
    return new Outcomes(Math.max(0, sum(group, successes) - late), late, 0, 0);
  }

  /**
   * Whether anything speaks against health.
   *
   * @return true with a failure or a new silence
   */
  public boolean hasTrouble() {
    for (int c = 0; c < CLASSES; c++) {
      if (failures[c] + overdue[c] > silent[c]) {
        return true;
      }
    }
    return false;
  }

  private static long sum(ClassGroup group, long[] byClass) {
    long sum = 0;
    for (int c : CLASSES_OF[group.index()]) {
      sum += byClass[c];
    }
    return sum;
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
