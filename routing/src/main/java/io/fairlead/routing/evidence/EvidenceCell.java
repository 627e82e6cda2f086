package io.fairlead.routing.evidence;

import io.fairlead.routing.MethodClass;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop observed of one upstream: monotonic counters and latency recorders.
 *
 * <p>Counters only grow. The event loop writes them with release order; the control loop reads with
 * acquire order, ends before beginnings and slow results before results, so that it never sees an
 * overdue attempt end that it has not seen begin, nor more slow results than results.
 *
 * <p>Memory: 500 bytes, and for each class with traffic a recorder of one significant digit in
 * microseconds, 2 x 3 KiB (resolution 6 %, ample for quantiles that steer timers, and the mean that
 * steers costs averages over it). So 500 upstreams with two busy classes on two loops stay near 13
 * MB. Recorders have their whole range from the start: growing goes by way of an exception, on the
 * event loop.
 */
final class EvidenceCell {
  private static final VarHandle ARRAY = MethodHandles.arrayElementVarHandle(long[].class);

  private static final int CLASSES = MethodClass.ALL.size();
  private static final int DIGITS = 1;
  private static final long MAX_MICROS = 100_000_000L;

  // The counters of one class.
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int FAILED_MICROS = 2;
  private static final int OVERDUE = 3;
  private static final int OVERDUE_OK = 4;
  private static final int OVERDUE_FAILED = 5;
  private static final int RECORDED = 6;
  private static final int SLOW = 7;
  private static final int WIDTH = 8;

  // The counters of the upstream.
  private static final int ENDED = CLASSES * WIDTH;
  private static final int ACCOUNT_REFUSED = ENDED + 1;
  private static final int HOLD_OFFS = ENDED + 2;
  private static final int RETRY_AFTER_NANOS = ENDED + 3;
  private static final int LENGTH = ENDED + 4;

  private final long[] counts = new long[LENGTH];
  private final long[] seen = new long[LENGTH];
  private final long[] slowAboveMicros = new long[CLASSES];
  private final @Nullable SingleWriterRecorder[] exact =
      new @Nullable SingleWriterRecorder[CLASSES];
  private final @Nullable SingleWriterRecorder[] censored =
      new @Nullable SingleWriterRecorder[CLASSES];
  private final @Nullable Histogram[] idleExact = new @Nullable Histogram[CLASSES];
  private final @Nullable Histogram[] idleCensored = new @Nullable Histogram[CLASSES];
  private static final VarHandle RECORDERS =
      MethodHandles.arrayElementVarHandle(SingleWriterRecorder[].class);

  EvidenceCell() {
    Arrays.fill(slowAboveMicros, Long.MAX_VALUE);
  }

  void onAttempt(MethodClass methodClass, AttemptResult result, long elapsedNanos) {
    int base = methodClass.index() * WIDTH;
    if (result == AttemptResult.TIMED_OUT) {
      add(base + OVERDUE, 1);
      onOverdueEnd(methodClass, result, elapsedNanos);
      return;
    }
    if (result.isSuccess()) {
      add(base + OK, 1);
    } else if (result.isFailure()) {
      add(base + FAILED_MICROS, micros(elapsedNanos));
      add(base + FAILED, 1);
    }
    onEnd(methodClass, result, elapsedNanos);
  }

  void onOverdueEnd(MethodClass methodClass, AttemptResult result, long elapsedNanos) {
    int base = methodClass.index() * WIDTH;
    if (result.isSuccess()) {
      add(base + OVERDUE_OK, 1);
    } else if (result.isFailure() || result == AttemptResult.CANCELLED) {
      add(base + FAILED_MICROS, micros(elapsedNanos));
      add(base + OVERDUE_FAILED, 1);
    }
    onEnd(methodClass, result, elapsedNanos);
  }

  private void onEnd(MethodClass methodClass, AttemptResult result, long elapsedNanos) {
    if (result == AttemptResult.SUCCESS) {
      record(exact, methodClass, elapsedNanos);
      noteSlowness(methodClass.index(), micros(elapsedNanos));
    } else if (result == AttemptResult.TIMED_OUT || result == AttemptResult.CANCELLED) {
      record(censored, methodClass, elapsedNanos);
    } else if (result == AttemptResult.ACCOUNT_REFUSED) {
      add(ACCOUNT_REFUSED, 1);
    }
    add(ENDED, 1);
  }

  private void noteSlowness(int c, long micros) {
    if (micros > (long) ARRAY.getOpaque(slowAboveMicros, c)) {
      add(c * WIDTH + SLOW, 1);
    }
  }

  /** From which latency on a result of a class is a slow one. Control loop only. */
  void setSlowAbove(int methodClass, long micros) {
    ARRAY.setOpaque(slowAboveMicros, methodClass, micros);
  }

  void onOverdue(MethodClass methodClass, long ageNanos) {
    add(methodClass.index() * WIDTH + OVERDUE, 1);
    add(ENDED, 1);
  }

  void onHoldOff(long retryAfterNanos) {
    ARRAY.setRelease(counts, RETRY_AFTER_NANOS, retryAfterNanos);
    add(HOLD_OFFS, 1);
    add(ENDED, 1);
  }

  private void add(int index, long by) {
    ARRAY.setRelease(counts, index, counts[index] + by);
  }

  private static long micros(long nanos) {
    return Math.min(MAX_MICROS, Math.max(1, nanos / 1000));
  }

  private void record(
      @Nullable SingleWriterRecorder[] recorders, MethodClass methodClass, long elapsedNanos) {
    int c = methodClass.index();
    SingleWriterRecorder recorder = recorders[c];
    if (recorder == null) {
      recorder = new SingleWriterRecorder(1, MAX_MICROS, DIGITS);
      RECORDERS.setRelease(recorders, c, recorder);
    }
    recorder.recordValue(micros(elapsedNanos));
    add(c * WIDTH + RECORDED, 1);
  }

  boolean drain(Tally tally) {
    if (step(ENDED) == 0) {
      return false;
    }
    for (int c = 0; c < CLASSES; c++) {
      int base = c * WIDTH;
      tally.addSlow(c, step(base + SLOW));
      long lateSuccesses = step(base + OVERDUE_OK);
      long lateFailures = step(base + OVERDUE_FAILED);
      long overdue = step(base + OVERDUE);
      tally.addOverdue(c, overdue, lateSuccesses, lateFailures);
      tally.addEnded(c, step(base + OK), step(base + FAILED), step(base + FAILED_MICROS) * 1000);
    }
    tally.accountRefused += step(ACCOUNT_REFUSED);
    long holdOffs = step(HOLD_OFFS);
    if (holdOffs > 0) {
      tally.onHoldOffs(holdOffs, (long) ARRAY.getAcquire(counts, RETRY_AFTER_NANOS));
    }
    return true;
  }

  private long step(int index) {
    long now = (long) ARRAY.getAcquire(counts, index);
    long difference = now - seen[index];
    seen[index] = now;
    return difference;
  }

  void drainLatency(MethodClass methodClass, LatencySink sink) {
    if (step(methodClass.index() * WIDTH + RECORDED) == 0) {
      return;
    }
    Histogram whole = interval(exact, idleExact, methodClass.index());
    if (whole != null && whole.getTotalCount() > 0) {
      sink.onExact(whole);
    }
    Histogram cut = interval(censored, idleCensored, methodClass.index());
    if (cut != null && cut.getTotalCount() > 0) {
      sink.onCensored(cut);
    }
  }

  /** Swaps the recorder's histogram for the one that was swapped out last time. */
  private static @Nullable Histogram interval(
      @Nullable SingleWriterRecorder[] recorders, @Nullable Histogram[] idle, int c) {
    SingleWriterRecorder recorder = (SingleWriterRecorder) RECORDERS.getAcquire(recorders, c);
    if (recorder != null) {
      idle[c] = recorder.getIntervalHistogram(idle[c]);
    }
    return idle[c];
  }
}
