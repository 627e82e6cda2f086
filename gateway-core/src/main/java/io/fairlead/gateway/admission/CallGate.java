package io.fairlead.gateway.admission;

import io.fairlead.routing.MethodClass;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Which calls an event loop takes when it gets more than it can carry.
 *
 * <p><b>Idea.</b> In a turn an event loop works off whatever has become readable since it last
 * asked, so the length of a turn is the queue in front of it: a request waits for the rest of one
 * turn and its place in the next. A long turn alone is a burst, and is over when it is done. Only
 * if turns beyond the delay that is tolerated take up more than half of {@value #LATE_WINDOWS}
 * periods of {@link #WINDOW_NANOS} on end, that is overload, unless they have fewer than {@link
 * #CROWD_CALLS} calls each: then the loop lacks its processor or does something large, and to
 * refuse calls would not help. From then on a turn takes in calls for {@link #HOLD_NANOS} and
 * refuses those that come up later in it, but for the first {@link #LEAST_CALLS}. There is no rate
 * to be guessed, nothing to be tuned to the machine, and nothing to recover from: the first turn
 * that is short again refuses nobody.
 *
 * <p><b>What a loop can carry it takes.</b> Calls come in bursts, and a loop that has nothing to do
 * between them is not overloaded, however long their turns are. So four times what it idles is
 * saved up, to {@link #MOST_SAVED_NANOS} or the delay that is tolerated, and turns may use that
 * beyond their time. Of a turn about half is taking in and the rest is answers; so a loop that
 * works up to nine tenths of its time takes bursts as they come, and one that works all of it has
 * saved nothing. When nobody has been refused for {@link #CALM_NANOS}, bursts are tolerated again.
 *
 * <p><b>Who is refused.</b> Light calls and transactions may use the whole of that time; reads, log
 * searches and traces a part of it each, the heavier the smaller. If in {@link #STEP_NANOS} a call
 * of a lighter rank was refused, the part of all heavier ranks is halved, down to {@link #LEAST};
 * otherwise it grows by a quarter. So heavy calls are gone before light ones are touched, and a few
 * remain as a sign of life.
 *
 * <p><b>Bounds.</b> In overload a turn lasts {@code HOLD_NANOS}, what the last call taken in needs,
 * the answers that have come meanwhile, and the refusals. How many of these there are is bounded by
 * {@link RefusedClients}.
 *
 * <p><b>Cost.</b> None for a call in calm water but a comparison in eight turns of short length,
 * see {@link CallAdmission}; in overload one reading of the clock.
 *
 * <p><b>Deviation.</b> Controlled delay drops at a rate that it raises step by step while the
 * sojourn time stays above its target; here the sojourn time of the next call is known when it is
 * read, so that the target itself is the limit. DAGOR detects overload by the average queueing time
 * (20 ms, in windows of 1 s) and moves a threshold of priorities by counted histograms; four ranks
 * need no histogram. Adaptive concurrency limits (Envoy, Netflix) watch the round trip, which in a
 * gateway is the upstreams' and not its own; theirs are learnt by the routing. Breakwater gives
 * clients credits in advance, which JSON-RPC has no way to say.
 *
 * <p>Thread-safety: confined to the event loop.
 *
 * <p>Source: Nichols and Jacobson, "Controlling Queue Delay", ACM Queue 2012; Zhou et al.,
 * "Overload control for scaling WeChat microservices", SoCC 2018; Cho et al., "Overload control for
 * microsecond-scale RPCs with Breakwater", OSDI 2020; Maurer, "Fail at Scale", ACM Queue 2015.
 */
final class CallGate {
  /** Over which long turns are added up. */
  static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How many such periods in turn are overload. */
  static final int LATE_WINDOWS = 3;

  /** For so long a turn takes in calls in overload. */
  static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** The most that a loop saves up. */
  static final long MOST_SAVED_NANOS = 8 * HOLD_NANOS;

  /** So many times what the loop idles is saved up. */
  private static final int PER_IDLE = 4;

  /** So many calls a turn takes in however long it lasts. */
  static final int LEAST_CALLS = 16;

  /** For how many periods a turn may count that lasts longer than one. */
  private static final int MOST_AT_ONCE = 2;

  /** If periods have fewer calls each, turns are long for other reasons than their number. */
  static final int CROWD_CALLS = 256;

  /** After so long without a refusal overload is over. */
  static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How often the parts of the ranks are judged. */
  static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** The smallest part of a rank. */
  static final double LEAST = 1.0 / 16;

  private static final double FALL = 0.5;
  private static final double RISE = 1.25;

  /** By the class's index: light, read, logs, trace, write. */
  private static final int[] RANK = {0, 1, 2, 3, 0};

  private final long delayNanos;
  private final double[] part = {1, 1, 1, 1};
  private final boolean[] refused = new boolean[part.length];

  private long turnNanos;
  private long turnProcessorNanos;
  private boolean isRefusing;
  private long windowNanos;
  private long lateNanos;
  private int windowCalls;
  private int lateWindows;

  /** Calls that were taken in in this turn. */
  private int taken;

  /** What the loop has saved up and not used since. */
  private long savedNanos;

  /** What this turn uses of it. */
  private long beyondNanos;

  private boolean isShedding;
  private long refusedNanos;
  private int lastRefused;
  private long steppedNanos;

  /** A gate that tolerates turns of so long. */
  CallGate(long delayNanos) {
    this.delayNanos = delayNanos;
  }

  /** Whether the call that was refused last is one of those that are refused last of all. */
  boolean isLightRefused() {
    return lastRefused == 0;
  }

  /** Whether calls may be refused. */
  boolean isShedding() {
    return isShedding;
  }

  /**
   * A turn begins.
   *
   * @param processorNanos what the loop has used of its processor until now
   */
  void beginTurn(long nowNanos, long processorNanos) {
    turnNanos = nowNanos;
    turnProcessorNanos = processorNanos;
  }

  /** The loop had nothing to do for so long, in overload. */
  void onIdle(long nanos) {
    savedNanos = Math.min(Math.min(delayNanos, MOST_SAVED_NANOS), savedNanos + PER_IDLE * nanos);
  }

  /** So many calls were taken in in this turn without being asked about. */
  void onTaken(int calls) {
    taken += calls;
  }

  /** Whether a call is taken in now, in overload. */
  boolean tryAdmit(MethodClass methodClass, long processorNanos) {
    int rank = RANK[methodClass.index()];
    long beyond = usedNanos(processorNanos) - HOLD_NANOS;
    boolean isInTime = beyond + HOLD_NANOS <= (HOLD_NANOS + savedNanos) * part[rank];
    if (isInTime || taken < LEAST_CALLS * part[rank]) {
      beyondNanos = Math.max(beyondNanos, beyond);
      taken++;
      return true;
    }
    refused[rank] = true;
    lastRefused = rank;
    isRefusing = true;
    return false;
  }

  /** What the turn has used of the processor. */
  long usedNanos(long processorNanos) {
    return processorNanos - turnProcessorNanos;
  }

  /**
   * The turn is over.
   *
   * @return how long it lasted, in nanoseconds
   */
  long endTurn(long nowNanos) {
    long lengthNanos = nowNanos - turnNanos;
    int calls = taken;
    taken = 0;
    savedNanos = Math.max(0, savedNanos - beyondNanos);
    beyondNanos = 0;
    refusedNanos = isRefusing ? nowNanos : refusedNanos;
    isRefusing = false;
    if (!isShedding) {
      windowCalls += calls;
      judge(lengthNanos, nowNanos);
    } else {
      look(nowNanos);
    }
    return lengthNanos;
  }

  private void judge(long lengthNanos, long nowNanos) {
    lateNanos += lengthNanos < delayNanos ? 0 : lengthNanos;
    long elapsedNanos = nowNanos - windowNanos;
    if (elapsedNanos >= WINDOW_NANOS) {
      boolean isLate = lateNanos > elapsedNanos / 2;
      long windows = Math.min(MOST_AT_ONCE, elapsedNanos / WINDOW_NANOS);
      lateWindows = isLate ? lateWindows + (int) windows : 0;
      windowCalls = isLate ? windowCalls : 0;
      windowNanos = nowNanos;
      lateNanos = 0;
      if (lateWindows >= LATE_WINDOWS && windowCalls >= lateWindows * CROWD_CALLS) {
        beginShedding(nowNanos);
      }
    }
  }

  private void beginShedding(long nowNanos) {
    lateWindows = 0;
    windowCalls = 0;
    savedNanos = 0;
    isShedding = true;
    refusedNanos = nowNanos;
    steppedNanos = nowNanos;
    Arrays.fill(part, 1);
  }

  /** Time has passed while calls may be refused. */
  void look(long nowNanos) {
    if (nowNanos - refusedNanos >= CALM_NANOS) {
      isShedding = false;
    } else if (nowNanos - steppedNanos >= STEP_NANOS) {
      steppedNanos = nowNanos;
      step();
    }
  }

  private void step() {
    boolean isLighterRefused = false;
    for (int rank = 0; rank < part.length; rank++) {
      if (rank > 0) {
        double next = part[rank] * (isLighterRefused ? FALL : RISE);
        part[rank] = Math.min(part[rank - 1], Math.max(LEAST, next));
      }
      isLighterRefused |= refused[rank];
      refused[rank] = false;
    }
  }
}
