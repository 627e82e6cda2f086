package io.fairlead.routing.sim.engine;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.result.Timeline;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Writes the timeline, bucket by bucket.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Chronicle {
  private static final double GONE = 0.05;
  private static final int CLASSES = MethodClass.ALL.size();

  private final Scenario scenario;
  private final Period period;
  private final int width;
  private final int size;
  private final Timeline.Calls calls;
  private final Timeline.Attempts attempts;
  private final InFlight inFlight;
  private final Picks picks;
  private final double[] weights = new double[CLASSES];
  private List<Seat> seats = List.of();
  private int[] endedMicros = new int[256];
  private int ended;
  private int bucket;
  private double goneMillis = Double.NaN;

  Chronicle(Scenario scenario, Period period) {
    this.scenario = scenario;
    this.period = period;
    this.width = scenario.world().upstreams().size();
    this.size = (int) (scenario.play().durationNanos() / Timeline.BUCKET_NANOS);
    calls = new Timeline.Calls(new int[size], new int[size], new int[size], new float[size]);
    int cells = size * width;
    float[] shares = new float[size * (CLASSES + 1)];
    attempts = new Timeline.Attempts(new int[cells], new float[cells], new int[cells], shares);
    inFlight = new InFlight(width);
    picks = new Picks(period.targets());
    for (MethodClass c : MethodClass.ALL) {
      weights[c.index()] = Recorder.shareOf(scenario, c);
    }
  }

  void begin(List<Seat> newSeats) {
    seats = newSeats;
  }

  void onArrived() {
    if (bucket < size) {
      calls.arrived()[bucket]++;
    }
  }

  void onSent(Attempt attempt, long nowNanos) {
    inFlight.move(attempt.upstream(), 1, nowNanos);
    if (attempt.number == 0 && bucket < size) {
      attempts.picks()[bucket * width + attempt.upstream()]++;
      picks.add(attempt);
    }
  }

  void onOver(Attempt attempt, long nowNanos) {
    inFlight.move(attempt.upstream(), -1, nowNanos);
  }

  void onEnded(boolean isGood, long latencyNanos) {
    if (bucket < size) {
      (isGood ? calls.answered() : calls.lost())[bucket]++;
      if (ended == endedMicros.length) {
        endedMicros = Arrays.copyOf(endedMicros, 2 * ended);
      }
      endedMicros[ended++] = (int) Math.min(Integer.MAX_VALUE, latencyNanos / 1000);
    }
  }

  void turnOver(long nowNanos) {
    if (bucket < size) {
      calls.p99Millis()[bucket] = p99Millis();
      inFlight.write(attempts, bucket * width, nowNanos);
      writeShares(bucket * (CLASSES + 1));
      ended = 0;
      bucket++;
    }
  }

  private float p99Millis() {
    if (ended == 0) {
      return Float.NaN;
    }
    Arrays.sort(endedMicros, 0, ended);
    return endedMicros[(int) Math.min(ended - 1L, Math.round(Math.ceil(0.99 * ended)) - 1)] / 1e3f;
  }

  private void writeShares(int row) {
    float[] shares = attempts.targetShare();
    if (!period.hasFaults()) {
      Arrays.fill(shares, row, row + CLASSES + 1, Float.NaN);
      return;
    }
    double told = toldShare(shares, row);
    if (Double.isNaN(told)) {
      picks.write(shares, row);
    } else {
      shares[row + CLASSES] = (float) told;
    }
  }

  /** The targets' share of all calls as the gateways tell it; NaN if they cannot. */
  private double toldShare(float[] shares, int row) {
    double all = 0;
    for (MethodClass c : MethodClass.ALL) {
      double share = weights[c.index()] > 0 ? toldShare(c) : 0;
      shares[row + c.index()] = (float) share;
      all += weights[c.index()] * share;
    }
    return all;
  }

  private double toldShare(MethodClass c) {
    BitSet targets = period.targets();
    double sum = 0;
    for (Seat seat : seats) {
      GatewayUnderTest gateway = seat.gateway();
      for (int u = targets.nextSetBit(0); u >= 0; u = targets.nextSetBit(u + 1)) {
        sum += gateway.share(u, c);
      }
    }
    return sum / seats.size();
  }

  /** Looks whether the targets' share is gone; false when there is no need to look again. */
  boolean isWatching(long nowNanos) {
    double told = toldShare(new float[CLASSES], 0);
    if (Double.isNaN(told)) {
      return false;
    }
    boolean isGone = told < GONE;
    goneMillis = isGone ? (nowNanos - period.faultNanos()) / 1e6 : Double.POSITIVE_INFINITY;
    return !isGone && nowNanos < period.healedNanos();
  }

  /** When the targets' share was gone; NaN where gateways cannot tell. */
  double goneMillis() {
    return goneMillis;
  }

  Timeline toTimeline() {
    List<UpstreamSpec> specs = scenario.world().upstreams().stream().map(u -> u.spec()).toList();
    return new Timeline(specs, calls, attempts);
  }

  /** Attempts in flight at each upstream: now, on average and at most. */
  private static final class InFlight {
    private final int[] now;
    private final int[] peak;
    private final double[] area;
    private final long[] movedNanos;
    private long sinceNanos;

    InFlight(int width) {
      now = new int[width];
      peak = new int[width];
      area = new double[width];
      movedNanos = new long[width];
    }

    void move(int upstream, int by, long nowNanos) {
      area[upstream] += (double) now[upstream] * (nowNanos - movedNanos[upstream]);
      movedNanos[upstream] = nowNanos;
      now[upstream] += by;
      peak[upstream] = Math.max(peak[upstream], now[upstream]);
    }

    void write(Timeline.Attempts attempts, int row, long nowNanos) {
      double length = (double) nowNanos - sinceNanos;
      for (int u = 0; u < now.length; u++) {
        move(u, 0, nowNanos);
        attempts.inFlight()[row + u] = (float) (area[u] / length);
        attempts.peak()[row + u] = peak[u];
        area[u] = 0;
        peak[u] = now[u];
      }
      sinceNanos = nowNanos;
    }
  }

  /** The targets' part of first attempts, in windows of enough attempts. */
  private static final class Picks {
    private static final int ENOUGH = 40;

    private final BitSet targets;
    private final int[] all = new int[CLASSES + 1];
    private final int[] inside = new int[CLASSES + 1];
    private final float[] latest = new float[CLASSES + 1];

    Picks(BitSet targets) {
      this.targets = targets;
      Arrays.fill(latest, Float.NaN);
    }

    void add(Attempt attempt) {
      int c = attempt.asked.methodClass().index();
      int hit = targets.get(attempt.upstream()) ? 1 : 0;
      all[c]++;
      all[CLASSES]++;
      inside[c] += hit;
      inside[CLASSES] += hit;
    }

    void write(float[] shares, int row) {
      for (int c = 0; c <= CLASSES; c++) {
        if (all[c] >= ENOUGH) {
          latest[c] = (float) inside[c] / all[c];
          all[c] = 0;
          inside[c] = 0;
        }
        shares[row + c] = latest[c];
      }
    }
  }
}
