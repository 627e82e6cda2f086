package io.fairlead.routing.evidence;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What speaks against one upstream in one respect: a CUSUM, how often it went wrong lately, and the
 * counts that the score is made of.
 *
 * <p>An upstream has one for each {@link ClassGroup} and each track: that attempts fail, and that
 * results are slow.
 *
 * <p>Thread-safety: none; control loop only.
 */
public final class Suspicion {
  /** How many windows the lately is measured over. */
  public static final int WINDOWS = 4;

  private static final double[] TAU_NANOS = {60e9, 5e9, 0.25e9, 0.06e9};
  private static final int FAST = 2;

  private final Cusum cusum = new Cusum();
  private final FadingRatio[] windows = new FadingRatio[WINDOWS];
  private final SignsOfLife life = new SignsOfLife();
  private final RecentOutcomes recent = new RecentOutcomes();
  private double p0 = Cusum.p0(0);
  private long bad;
  private long good;
  private long silent;
  private long credits;
  private long sinceNanos;
  private long lastBadNanos;

  /** Nothing speaks against it. */
  public Suspicion() {
    for (int w = 0; w < WINDOWS; w++) {
      windows[w] = new FadingRatio(TAU_NANOS[w]);
    }
  }

  /**
   * Room for the windows of some upstreams, as {@link Baseline#update} takes them.
   *
   * @param upstreams how many
   * @return an array for each window, the longest first
   */
  public static List<@Nullable FadingRatio[]> windows(int upstreams) {
    List<@Nullable FadingRatio[]> all = new ArrayList<>(WINDOWS);
    for (int w = 0; w < WINDOWS; w++) {
      all.add(new @Nullable FadingRatio[upstreams]);
    }
    return all;
  }

  /**
   * Takes outcomes into the windows that baselines are made of.
   *
   * @param outcomes since the last time
   * @param nowNanos the time
   */
  public void count(Outcomes outcomes, long nowNanos) {
    if (!outcomes.isEmpty()) {
      recent.add(nowNanos, outcomes.good(), outcomes.net());
      for (FadingRatio window : windows) {
        window.add(nowNanos, outcomes.good(), outcomes.net());
      }
    }
  }

  /**
   * Lets the windows fade.
   *
   * @param nowNanos the time
   */
  public void fade(long nowNanos) {
    for (FadingRatio window : windows) {
      window.fade(nowNanos);
    }
  }

  /**
   * How often it went wrong lately.
   *
   * @param which 0 to {@link #WINDOWS} - 1, the longest first
   * @return the ratio
   */
  public FadingRatio window(int which) {
    return windows[which];
  }

  /**
   * Outcomes of the last quarter of a second.
   *
   * @return how many, older ones fading
   */
  double recentOutcomes() {
    return windows[FAST].total();
  }

  /** The outcomes of the last second one by one. */
  RecentOutcomes recent() {
    return recent;
  }

  /**
   * Sets what happens to healthy ones.
   *
   * @param rateElsewhere how often it goes wrong outside its domains, 0 to 1
   */
  public void setRateElsewhere(double rateElsewhere) {
    p0 = Cusum.p0(rateElsewhere);
  }

  /**
   * How often it goes wrong for healthy ones, with a margin.
   *
   * @return p0 of the CUSUM
   */
  public double p0() {
    return p0;
  }

  /**
   * How often it goes wrong elsewhere.
   *
   * @return 0 to 1; 0 for anything too rare to matter
   */
  public double rateElsewhere() {
    return p0 <= Cusum.p0(0) ? 0 : p0 / 2;
  }

  /**
   * Moves the score, and remembers what it is made of while it is above 0.
   *
   * @param outcomes since the last time
   * @param begunNanos when the first of them was sent, as far as is known
   */
  public void weigh(Outcomes outcomes, long begunNanos) {
    move(outcomes);
    if (cusum.score() == 0) {
      forgetCounts();
      return;
    }
    if (bad == 0) {
      sinceNanos = begunNanos;
    }
    lastBadNanos = outcomes.bad() > 0 ? begunNanos : lastBadNanos;
    bad += outcomes.bad();
    good += outcomes.good();
    silent += outcomes.overdue();
    credits += outcomes.credits();
  }

  /**
   * Moves the score of one that serves though it is convicted: never above the threshold.
   *
   * @param outcomes since the last time
   */
  public void weighConvicted(Outcomes outcomes) {
    move(outcomes);
    cusum.reset(Math.min(cusum.score(), Cusum.THRESHOLD));
  }

  private void move(Outcomes outcomes) {
    cusum.add(outcomes.good(), outcomes.bad(), outcomes.credits(), p0);
  }

  /**
   * The score as it was when each outcome was weighed.
   *
   * @return 0 or more
   */
  public double score() {
    return cusum.score();
  }

  /**
   * What speaks against it by today's rate elsewhere.
   *
   * @return 0 to {@link #score()}
   */
  public double evidence() {
    return cusum.reweighed(good, Math.max(0, bad - credits), p0);
  }

  /**
   * Outcomes against it since suspicion began.
   *
   * @return how many
   */
  public long bad() {
    return bad;
  }

  /**
   * Outcomes for it since suspicion began.
   *
   * @return how many
   */
  public long good() {
    return good;
  }

  /**
   * Attempts grown overdue since suspicion began.
   *
   * @return how many of {@link #bad()}
   */
  public long silent() {
    return silent;
  }

  /**
   * When the first attempt that speaks against it was sent.
   *
   * @return nanoseconds of the clock
   */
  public long sinceNanos() {
    return sinceNanos;
  }

  /**
   * When the last attempt that speaks against it was sent.
   *
   * @return nanoseconds of the clock
   */
  public long lastBadNanos() {
    return lastBadNanos;
  }

  /**
   * Whether nothing but silence speaks against it.
   *
   * @return true while no attempt of those that count has failed
   */
  public boolean isSilenceAlone() {
    return silent == bad;
  }

  /**
   * Takes answers that came while it was suspect.
   *
   * @param own of the group in question
   * @param prompt how many of them were not slow
   * @param others of other groups
   * @param nowNanos the time
   */
  public void hear(long own, long prompt, long others, long nowNanos) {
    life.add(own, prompt, others, nowNanos);
  }

  /**
   * Whether {@link #hear} was told anything since suspicion began.
   *
   * @return false until then
   */
  public boolean isHeard() {
    return life.hasBegun();
  }

  /**
   * Good outcomes of the last second.
   *
   * @param nanos only those since then
   * @return how many
   */
  public long goodSince(long nanos) {
    recent.countSince(nanos);
    return recent.good();
  }

  /**
   * Whether nothing speaks against it but silence, and that is a queue; see {@link SignsOfLife}.
   *
   * @param nowNanos the time
   * @return true while answers go on coming, late
   */
  public boolean isQueueing(long nowNanos) {
    return bad > 0 && isSilenceAlone() && life.isQueue(silent, sinceNanos, nowNanos);
  }

  /**
   * Starts the score anew and forgets what it was made of.
   *
   * @param score from where
   */
  public void reset(double score) {
    cusum.reset(score);
    forgetCounts();
  }

  /** Forgets everything, so that what a conviction has dealt with does not weigh on others. */
  public void clear() {
    reset(0);
    clearWindows();
  }

  /** Forgets how often it went wrong. */
  public void clearWindows() {
    for (FadingRatio window : windows) {
      window.clear();
    }
  }

  private void forgetCounts() {
    bad = 0;
    good = 0;
    silent = 0;
    credits = 0;
    life.clear();
  }
}
