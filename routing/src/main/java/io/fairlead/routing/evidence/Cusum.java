package io.fairlead.routing.evidence;

import java.util.Arrays;

/**
 * Page's CUSUM: the quickest detector of a change from "failing rarely" to "failing often".
 *
 * <p><b>Idea.</b> Each outcome moves a score by its log-likelihood ratio between two hypotheses:
 * failures happen with probability {@code p0} (as elsewhere) or {@code p1} (ill). A failure adds
 * ln(p1/p0), a success adds ln((1-p1)/(1-p0)), which is negative; the score never falls below 0.
 * While all is well the score hugs 0; after a change it climbs on average by the Kullback-Leibler
 * divergence of what is seen, and at the threshold h the change is declared. {@code p0} follows the
 * failure rate outside the upstream's own domains, so what happens to everyone convicts nobody.
 *
 * <p><b>Three grades of illness.</b> A CUSUM is the quickest for the {@code p1} that it was made
 * for. One made for 0.3 hardly climbs when a tenth of the calls fail (by 0.03 an outcome), one made
 * for 0.15 climbs by 0.13; and where little is known of others, so that {@code p0} is high, six
 * failures in a row hardly move it, though nothing could be plainer. So there are three scores,
 * <i>mildly</i> ill (0.15), <i>gravely</i> ill (0.3) and <i>dead</i> (0.9, or 30 p0 if that is
 * less), and the highest counts: the generalised likelihood ratio over three points.
 *
 * <p><b>Bounds.</b> The mean number of outcomes between false alarms is at least e<sup>h</sup> =
 * 6.6e7 for h = 18 and one score (Lorden, Theorem 2), a third of it for three, where failures come
 * at {@code p0}; they come at half of that at most. No detector with that false-alarm rate is
 * quicker in the worst case, asymptotically (Lorden 1971; exactly, Moustakides 1986). At p0 = 0.01
 * a failure is worth at most 3.40 and a success -0.35 then: six failures in a row convict, and
 * never fewer, since {@code p1} is at most 30 p0.
 *
 * <p><b>Cost.</b> Six logarithms for each tick with news.
 *
 * <p><b>Deviations.</b> Outcomes of one tick are added as one sum before the score is clamped to 0,
 * because lanes count and do not order. That is a CUSUM on groups: it raises no false alarm that
 * the ordered one would not, and since failures ring the doorbell, groups are small when it
 * matters. The score is bounded by 1.5 h, so that evidence against an upstream is never unpayable.
 * Above p0 = 0.35 the design's clamp of p1 to 0.7 would bring the hypotheses together; there p1
 * lies half way to 1.
 *
 * <p>Thread-safety: none; control loop only.
 *
 * <p>Source: E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954); G. Lorden,
 * "Procedures for reacting to a change in distribution", Ann. Math. Stat. 42 (1971); G. V.
 * Moustakides, "Optimal stopping times for detecting changes in distributions", Ann. Stat. 14
 * (1986).
 */
public final class Cusum {
  /** The score at which an upstream or a domain is convicted. */
  public static final double THRESHOLD = 18;

  private static final double CEILING = 1.5 * THRESHOLD;
  private static final double MIN_P0 = 0.01;
  private static final double MAX_P0 = 0.9;
  private static final double MILD = 0.15;
  private static final double MILD_RATIO = 2.5;
  private static final double DEAD = 0.9;
  private static final double DEAD_RATIO = 30;
  private static final int GRADES = 3;

  private final double[] scores = new double[GRADES];

  /**
   * The failure probability of a healthy upstream.
   *
   * @param rateElsewhere the failure rate outside its domains
   * @return p0
   */
  public static double p0(double rateElsewhere) {
    return Math.min(MAX_P0, Math.max(MIN_P0, 2 * rateElsewhere));
  }

  /**
   * The failure probability of a gravely ill upstream.
   *
   * @param p0 that of a healthy one
   * @return p1, more than p0
   */
  public static double p1(double p0) {
    double p1 = Math.min(0.7, Math.max(0.3, 4 * p0));
    return Math.max(p1, p0 + (1 - p0) / 2 * Math.min(1, p0 / 0.35));
  }

  /**
   * The failure probability of a mildly ill upstream.
   *
   * @param p0 that of a healthy one
   * @return more than p0, at most {@link #p1}
   */
  public static double mildP1(double p0) {
    return Math.min(p1(p0), Math.max(MILD, MILD_RATIO * p0));
  }

  /**
   * What one failure adds.
   *
   * @param p0 that of a healthy upstream
   * @return more than 0
   */
  public static double failureWorth(double p0) {
    return Math.log(p1(p0) / p0);
  }

  /**
   * What one success adds.
   *
   * @param p0 that of a healthy upstream
   * @return less than 0
   */
  public static double successWorth(double p0) {
    return Math.log((1 - p1(p0)) / (1 - p0));
  }

  private static double p1(int grade, double p0) {
    return switch (grade) {
      case 0 -> mildP1(p0);
      case 1 -> p1(p0);
      default -> Math.max(p1(p0), Math.min(DEAD, DEAD_RATIO * p0));
    };
  }

  private static double worth(long good, long bad, double p0, double p1) {
    return bad * Math.log(p1 / p0) + good * Math.log((1 - p1) / (1 - p0));
  }

  /**
   * Weighs outcomes.
   *
   * @param good how many successes
   * @param bad how many failures and new silences
   * @param credits how many earlier silences are taken back
   * @param p0 that of a healthy upstream
   */
  public void add(long good, long bad, long credits, double p0) {
    long net = bad - credits;
    if (net == 0 && (good == 0 || score() == 0)) {
      return;
    }
    for (int grade = 0; grade < GRADES; grade++) {
      scores[grade] = clamp(scores[grade] + worth(good, net, p0, p1(grade, p0)));
    }
  }

  private static double clamp(double sum) {
    return Math.min(CEILING, Math.max(0, sum));
  }

  /**
   * The evidence so far.
   *
   * @return 0 or more
   */
  public double score() {
    return Math.max(scores[0], Math.max(scores[1], scores[2]));
  }

  /**
   * The evidence so far, with the outcomes since suspicion began weighed anew by today's rate
   * elsewhere where that is milder. When trouble begins everywhere at once, the first failures were
   * weighed as if they were rare.
   *
   * @param good successes since the score left 0
   * @param bad failures since then
   * @param p0 that of a healthy upstream, as of now
   * @return 0 or more, at most {@link #score()}
   */
  public double reweighed(long good, long bad, double p0) {
    double most = 0;
    for (int grade = 0; grade < GRADES; grade++) {
      most = Math.max(most, Math.min(scores[grade], worth(good, bad, p0, p1(grade, p0))));
    }
    return most;
  }

  /**
   * Starts anew.
   *
   * @param newScore from where
   */
  public void reset(double newScore) {
    Arrays.fill(scores, newScore);
  }
}
