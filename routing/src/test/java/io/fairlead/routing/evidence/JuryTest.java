package io.fairlead.routing.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.evidence.Jury.DomainStanding;
import io.fairlead.routing.evidence.Jury.Standing;
import io.fairlead.routing.table.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JuryTest {
  private static final double H = Cusum.THRESHOLD;
  private static final long AGE = 30_000_000L;
  private static final long LAG = 10_000_000L;
  private static final Outcomes CLEAN = new Outcomes(100, 0, 0, 0);

  /** Three clouds of two regions of five; three vendors across all of them. */
  private static Topology world() {
    List<UpstreamSpec> specs = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String cloud = "c" + i / 10;
      specs.add(
          new UpstreamSpec(
              "u" + i,
              List.of(
                  FailureDomain.region(cloud, "r" + i / 5),
                  FailureDomain.cloud(cloud),
                  new FailureDomain(FailureDomain.VENDOR, "v" + i % 3)),
              100,
              0,
              100));
    }
    return new Topology(Upstreams.of(specs));
  }

  private final Topology world = world();

  private List<String> convict(Topology topology, IntToDoubleFunction score, IntPredicate isOut) {
    Jury jury = new Jury(topology);
    for (int i = 0; i < topology.size(); i++) {
      double s = score.applyAsDouble(i);
      Testimony evidence = testimony(s);
      jury.setEvidence(i, isOut.test(i) ? Standing.JUST_OUT : Standing.SERVING, evidence);
    }
    for (int d = 0; d < topology.domains().size(); d++) {
      jury.setStanding(d, DomainStanding.WHOLE);
    }
    return jury.convict(AGE).stream()
        .map(c -> topology.domains().get(c.domain()).toString())
        .toList();
  }

  private static Testimony testimony(double score) {
    Suspicion suspicion = new Suspicion();
    Outcomes outcomes = score > 0 ? new Outcomes(0, 10, 0, 0) : new Outcomes(10, 0, 0, 0);
    suspicion.count(outcomes, AGE);
    suspicion.weigh(outcomes, 0);
    return new Testimony(score, suspicion, 0, 0);
  }

  private List<String> convict(IntToDoubleFunction score) {
    return convict(world, score, i -> false);
  }

  @Test
  void domainTripsBeforeItsMembers() {
    assertEquals(List.of("region:c0/r0"), convict(i -> i < 5 ? H / 5 + 0.01 : 0));
    assertEquals(List.of(), convict(i -> i < 5 ? H / 5 - 0.01 : 0));
  }

  /** Members' bad luck of a minute adds up to a conviction; all their calls say otherwise. */
  @Test
  void whatGrewSlowlyMustShowInAllCallsOfTheDomain() {
    long second = 1_000_000_000L;
    assertEquals(List.of(), convictAfter(60 * second, 5));
    assertEquals(List.of("region:c0/r0"), convictAfter(60 * second, 30));
    assertEquals(List.of("region:c0/r0"), convictAfter(4 * second, 5), "what is quick is not held");
  }

  /** Five members guilty enough together, with so many of their 100 calls of the minute failed. */
  private List<String> convictAfter(long nanos, long failed) {
    Jury jury = new Jury(world);
    for (int i = 0; i < world.size(); i++) {
      Suspicion suspicion = new Suspicion();
      suspicion.setRateElsewhere(0.02);
      suspicion.count(i < 5 ? new Outcomes(100 - failed, failed, 0, 0) : CLEAN, nanos);
      suspicion.weigh(i < 5 ? new Outcomes(0, 3, 0, 0) : CLEAN, 0);
      double score = i < 5 ? H / 5 + 0.01 : 0;
      jury.setEvidence(i, Standing.SERVING, new Testimony(score, suspicion, 0, 0));
    }
    for (int d = 0; d < world.domains().size(); d++) {
      jury.setStanding(d, DomainStanding.WHOLE);
    }
    return jury.convict(nanos).stream()
        .map(c -> world.domains().get(c.domain()).toString())
        .toList();
  }

  @Test
  void oneDeadMemberNeverConvictsItsDomain() {
    for (int n = 1; n <= 12; n++) {
      Topology topology = new Topology(Upstreams.of(Upstreams.grid(2, n)));
      assertEquals(List.of(), convict(topology, i -> i == 0 ? 1.5 * H : 0, i -> false));
    }
  }

  @Test
  void theSmallestDomainThatExplainsIsBlamed() {
    assertEquals(List.of("region:c0/r0"), convict(i -> i < 5 ? H : 0));
    assertEquals(List.of("cloud:c0"), convict(i -> i < 10 ? H : 0));
    assertEquals(List.of("vendor:v1"), convict(i -> i % 3 == 1 ? H : 0));
  }

  @Test
  void twoDomainsThatFailAtOnceAreBothBlamed() {
    List<String> blamed = convict(i -> i < 5 || i >= 25 ? H : 0);
    assertEquals(2, blamed.size());
    assertTrue(
        blamed.contains("region:c0/r0") && blamed.contains("region:c2/r5"), () -> "" + blamed);
  }

  @Test
  void aCloudWaitsForTheRegionThatHoldsMostOfItsEvidence() {
    // All of the region but a whisker, and one stray failure in the other region.
    assertEquals(List.of(), convict(i -> i < 5 ? H / 5 - 0.05 : i == 7 ? 3.4 : 0));
  }

  @Test
  void aRegionThatIsOutDoesNotTakeItsCloudAlong() {
    assertEquals(List.of(), convict(world, i -> i < 5 ? H : 0, i -> i < 5));
    assertEquals(
        List.of(), convict(world, i -> i < 5 ? H : i == 5 || i == 6 ? 3.4 : 0, i -> i < 5));
  }

  @Test
  void theLastRegionOfACloudToFallBlamesTheCloud() {
    Jury jury = new Jury(world);
    for (int i = 0; i < world.size(); i++) {
      Standing standing = i < 5 ? Standing.JUST_OUT : Standing.SERVING;
      jury.setEvidence(i, standing, testimony(i < 10 ? H : 0));
    }
    for (int d = 0; d < world.domains().size(); d++) {
      boolean isOut = world.domains().get(d).toString().equals("region:c0/r0");
      jury.setStanding(d, isOut ? DomainStanding.JUST_OUT : DomainStanding.WHOLE);
    }
    List<String> blamed =
        jury.convict(AGE).stream().map(c -> world.domains().get(c.domain()).toString()).toList();
    assertEquals(List.of("cloud:c0"), blamed);
  }

  /** Region r0 fails; what the others did since then is given. */
  private boolean isRegionConvicted(long age, int goodElsewhere, int badElsewhere, long cameNanos) {
    Jury jury = new Jury(world);
    for (int i = 0; i < world.size(); i++) {
      Suspicion suspicion = new Suspicion();
      if (i < 5) {
        suspicion.count(new Outcomes(0, 10, 0, 0), age);
        suspicion.weigh(new Outcomes(0, 10, 0, 0), 0);
      } else {
        suspicion.count(new Outcomes(goodElsewhere, badElsewhere, 0, 0), cameNanos);
      }
      jury.setEvidence(i, Standing.SERVING, new Testimony(i < 5 ? H : 0, suspicion, LAG, 0));
    }
    for (int d = 0; d < world.domains().size(); d++) {
      jury.setStanding(d, DomainStanding.WHOLE);
    }
    return !jury.convict(age).isEmpty();
  }

  @Test
  void nobodyIsConvictedBeforeSomebodyElseIsWell() {
    assertTrue(isRegionConvicted(AGE, 10, 0, AGE));
    assertFalse(isRegionConvicted(AGE, 0, 0, AGE), "nothing is known of others");
    assertFalse(isRegionConvicted(AGE, 5, 5, AGE), "others fail as well");
    assertTrue(isRegionConvicted(1_000_000_000L, 0, 0, 0), "not for ever");
    assertFalse(isRegionConvicted(999_999_999L, 0, 0, 0));
  }

  @Test
  void whatWasSentBeforeSuspicionBeganIsNoAlibi() {
    assertFalse(isRegionConvicted(AGE, 10, 0, LAG));
    assertTrue(isRegionConvicted(AGE, 10, 0, LAG + 9_000_000L), "a slot of 8 ms later");
  }

  @Test
  void troubleEverywhereConvictsNobody() {
    assertEquals(List.of(), convict(i -> H / 5 + 0.3 + 0.01 * (i % 7)));
    assertEquals(List.of(), convict(i -> 1.5 * H));
  }

  @Test
  void aDomainThatHasEverybodyIsNeverConvicted() {
    Topology topology = new Topology(Upstreams.of(Upstreams.grid(1, 5)));
    assertEquals(List.of(), convict(topology, i -> H, i -> false));
  }

  /** The rest are clouds of which the first six failures or so all fell on one region. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void withNoiseTheRightDomainIsBlamed(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int right = 0;
    int runs = 500;
    for (int run = 0; run < runs; run++) {
      int d = random.nextInt(world.domains().size());
      right += blame(d, random).equals(List.of(world.domains().get(d).toString())) ? 1 : 0;
    }
    assertTrue(right >= 0.97 * runs, right + " of " + runs + " right, seed " + seed);
  }

  /** Calls fall on everybody; members of the domain fail, the others one time in a thousand. */
  private List<String> blame(int domain, SplittableRandom random) {
    Cusum[] scores = new Cusum[world.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new Cusum();
    }
    for (int call = 0; call < 10_000; call++) {
      int i = random.nextInt(scores.length);
      boolean isBad = world.isMember(i, domain) || random.nextInt(1000) == 0;
      scores[i].add(isBad ? 0 : 1, isBad ? 1 : 0, 0, 0.01);
      List<String> blamed = convict(u -> scores[u].score());
      if (!blamed.isEmpty()) {
        return blamed;
      }
    }
    return List.of();
  }
}
