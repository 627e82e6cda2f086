package io.fairlead.routing.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
      Suspicion suspicion = new Suspicion();
      Outcomes outcomes = s > 0 ? new Outcomes(0, 10, 0, 0) : new Outcomes(10, 0, 0, 0);
      suspicion.count(outcomes, AGE);
      suspicion.weigh(outcomes, 0);
      Testimony evidence = new Testimony(s, suspicion, 0, 0);
      jury.setEvidence(i, isOut.test(i) ? Standing.JUST_OUT : Standing.SERVING, evidence);
    }
    for (int d = 0; d < topology.domains().size(); d++) {
      jury.setStanding(d, DomainStanding.WHOLE);
    }
    return jury.convict(AGE).stream()
        .map(c -> topology.domains().get(c.domain()).toString())
        .toList();
  }

  private List<String> convict(IntToDoubleFunction score) {
    return convict(world, score, i -> false);
  }

  @Test
  void domainTripsBeforeItsMembers() {
    assertEquals(List.of("region:c0/r0"), convict(i -> i < 5 ? H / 5 + 0.01 : 0));
    assertEquals(List.of(), convict(i -> i < 5 ? H / 5 - 0.01 : 0));
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
