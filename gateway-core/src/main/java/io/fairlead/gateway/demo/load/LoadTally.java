package io.fairlead.gateway.demo.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Counts calls as they end: in all, by stage, and over a window of the last few slices.
 *
 * <p>Failed calls count in the latencies with the time that they took to fail. Thread-safety:
 * confined to the load's event loop.
 */
final class LoadTally {
  private static final int SLICES = 4;
  private static final int MAX_COMPLAINTS = 8;
  private static final double NANOS_A_MILLI = 1e6;

  private final Group total = new Group();
  private final List<Group> stages;
  private final Group[] slices = new Group[SLICES];
  private final List<LoadFigures.Complaint> complaints = new ArrayList<>();
  private int slice;

  LoadTally(int stages) {
    this.stages = IntStream.range(0, stages).mapToObj(i -> new Group()).toList();
    Arrays.setAll(slices, i -> new Group());
  }

  /** Calls counted alike. */
  private static final class Group {
    private final Histogram nanos = new Histogram(3);
    private long failed;
    private long wrong;

    void add(long elapsedNanos, Outcome outcome) {
      nanos.recordValue(elapsedNanos);
      failed += outcome.isRight() ? 0 : 1;
      wrong += outcome.kind() == Outcome.Kind.WRONG ? 1 : 0;
    }

    void add(Group other) {
      nanos.add(other.nanos);
      failed += other.failed;
      wrong += other.wrong;
    }

    LoadFigures.Counts counts() {
      LoadFigures.Latency latency =
          new LoadFigures.Latency(millis(50), millis(99), nanos.getMaxValue() / NANOS_A_MILLI);
      return new LoadFigures.Counts(nanos.getTotalCount(), failed, wrong, latency);
    }

    private double millis(double percentile) {
      return nanos.getValueAtPercentile(percentile) / NANOS_A_MILLI;
    }
  }

  /** Counts a call; a negative stage counts in the total alone. */
  void onEnd(int stage, long elapsedNanos, Outcome outcome) {
    total.add(elapsedNanos, outcome);
    slices[slice].add(elapsedNanos, outcome);
    if (stage >= 0) {
      stages.get(stage).add(elapsedNanos, outcome);
    }
  }

  void onComplaint(long dueNanos, String text) {
    if (complaints.size() < MAX_COMPLAINTS) {
      complaints.add(new LoadFigures.Complaint(dueNanos, text));
    }
  }

  /** The figures now; begins the next slice of the window. */
  LoadFigures next(int inFlight) {
    Group window = new Group();
    for (Group each : slices) {
      window.add(each);
    }
    slice = (slice + 1) % SLICES;
    slices[slice] = new Group();
    return new LoadFigures(
        total.counts(),
        window.counts(),
        stages.stream().map(Group::counts).toList(),
        inFlight,
        complaints);
  }
}
