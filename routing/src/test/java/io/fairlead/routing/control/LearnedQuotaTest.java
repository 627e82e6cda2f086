package io.fairlead.routing.control;

import static io.fairlead.routing.control.World.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.Upstreams;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearnedQuotaTest {
  private static final long STEP = SECOND / 1000;

  /** A client with more calls than the quota of the one upstream grants, in steps of 1 ms. */
  private static final class Bucket {
    final Upstream upstream = new Upstream("test", 0, Upstreams.spec("a", "aws"));
    final LearnedQuota quota = new LearnedQuota();
    final HoldOff limit = HoldOff.forLimits();
    final SplittableRandom random;
    final Deque<Answer> answers = new ArrayDeque<>();
    final long rttNanos;
    double perSecond;
    double depthSeconds;
    double tokens;
    long now = 77 * SECOND;
    int accepted;
    int refused;

    record Answer(long atNanos, boolean isGood) {}

    Bucket(long seed, double perSecond, double depthSeconds, long rttNanos) {
      random = new SplittableRandom(seed);
      this.perSecond = perSecond;
      this.depthSeconds = depthSeconds;
      this.rttNanos = rttNanos;
      tokens = perSecond * depthSeconds;
    }

    void run(double demand, long seconds) {
      accepted = 0;
      refused = 0;
      for (int ms = 0; ms < seconds * 1000; ms++) {
        now += STEP;
        tokens = Math.min(perSecond * depthSeconds, tokens + perSecond / 1000);
        if (ms % 20 == 0) {
          pace();
        }
        for (double p = demand / 1000; p > 0; p -= 1) {
          if (random.nextDouble() < p
              && !limit.isHolding(now)
              && upstream.tryAcquire(MethodClass.LIGHT)) {
            boolean isGood = tokens >= 1;
            tokens -= isGood ? 1 : 0;
            answers.add(new Answer(now + rttNanos, isGood));
          }
        }
        while (!answers.isEmpty() && answers.peek().atNanos() <= now) {
          end(answers.remove().isGood());
        }
      }
    }

    private void pace() {
      if (quota.isKnown()) {
        upstream.grant(quota.grant(limit.isHolding(now), now), quota.most());
      } else if (upstream.isPaced()) {
        upstream.unpace();
      }
    }

    private void end(boolean isGood) {
      upstream.release(MethodClass.LIGHT);
      if (isGood) {
        accepted++;
        quota.onAccepted(1, now);
      } else {
        refused++;
        quota.onLimited(limit.begin(now, -1, random), rttNanos, now);
        pace();
      }
    }
  }

  @ParameterizedTest(name = "quota {0}/s, demand {1}/s, rtt {2} ms")
  @CsvSource({"100, 225, 2", "100, 130, 2", "40, 300, 15", "200, 260, 35", "20, 200, 2"})
  void aQuotaIsLearntFromAFew429sAndThenUsedWithoutAny(double quota, double demand, long rtt) {
    for (long seed = 1; seed <= 5; seed++) {
      Bucket bucket = new Bucket(seed, 1e6, 1, rtt * STEP);
      bucket.run(demand, 15);
      bucket.perSecond = quota;
      bucket.run(demand, 15);
      assertTrue(bucket.refused <= 12, "429s: " + bucket.refused + ", seed " + seed);
      bucket.run(demand, 30);
      assertEquals(0, bucket.refused, "seed " + seed);
      double used = bucket.accepted / 30.0 / quota;
      assertTrue(used >= 0.95, "used: " + used + ", seed " + seed);
    }
  }

  @ParameterizedTest(name = "bucket of {0} s")
  @ValueSource(doubles = {0.3, 1, 3, 10})
  void bucketsOfOtherDepthsAreLearntToo(double depth) {
    Bucket bucket = new Bucket(3, 100, depth, 5 * STEP);
    bucket.run(250, 120);
    bucket.run(250, 120);
    assertTrue(bucket.refused <= 12, "429s: " + bucket.refused);
    assertTrue(bucket.accepted >= 0.85 * 120 * 100, "used: " + bucket.accepted / 120.0);
  }

  @Test
  void probingBeyondTheCeilingGrowsRare() {
    Bucket bucket = new Bucket(4, 100, 1, 2 * STEP);
    bucket.run(200, 300);
    int early = bucket.refused;
    bucket.run(200, 1200);
    assertTrue(bucket.refused <= early, early + " 429s in 5 min, then in 20: " + bucket.refused);
    assertTrue(bucket.accepted >= 0.95 * 1200 * 100, "used: " + bucket.accepted / 1200.0);
  }

  @Test
  void aQuotaThatIsRaisedIsFoundAndOneThatIsLiftedIsForgotten() {
    Bucket bucket = new Bucket(5, 100, 1, 2 * STEP);
    bucket.run(400, 30);
    bucket.perSecond = 150;
    bucket.run(400, 120);
    bucket.run(400, 30);
    assertTrue(bucket.accepted > 140 * 30, "raised: " + bucket.accepted / 30.0);
    bucket.perSecond = 1e6;
    bucket.run(400, 900);
    assertFalse(bucket.quota.isKnown());
    assertFalse(bucket.upstream.isPaced());
  }

  @Test
  void aQuotaThatIsLoweredCostsFew429s() {
    Bucket bucket = new Bucket(6, 200, 1, 2 * STEP);
    bucket.run(400, 60);
    bucket.perSecond = 50;
    bucket.run(400, 20);
    assertTrue(bucket.refused <= 12, "429s: " + bucket.refused);
    bucket.run(400, 30);
    assertEquals(0, bucket.refused);
    assertTrue(bucket.accepted >= 0.9 * 30 * 50, "used: " + bucket.accepted / 30.0);
  }

  @Test
  void whoIdlesKeepsItsQuotaAndDoesNotGrowIt() {
    Bucket bucket = new Bucket(7, 100, 1, 2 * STEP);
    bucket.run(200, 20);
    double ceiling = bucket.quota.ceilingPerSecond();
    double pace = bucket.quota.perSecond();
    bucket.run(1, 600);
    assertEquals(ceiling, bucket.quota.ceilingPerSecond());
    assertEquals(pace, bucket.quota.perSecond(), 0.01 * pace);
  }

  @Test
  void aStray429NeverPacesBelowFiveCallsASecond() {
    LearnedQuota quota = new LearnedQuota();
    quota.onLimited(true, STEP, SECOND);
    assertEquals(5, quota.ceilingPerSecond());
  }

  @Test
  void nothingIsGrantedWhileHeldOffAndNothingIsSavedUpFromThen() {
    LearnedQuota quota = new LearnedQuota();
    quota.onLimited(true, STEP, SECOND);
    assertEquals(0, quota.grant(true, 2 * SECOND));
    assertEquals(0, quota.grant(false, 30 * SECOND));
    assertEquals(quota.most(), quota.grant(false, 60 * SECOND));
  }
}
