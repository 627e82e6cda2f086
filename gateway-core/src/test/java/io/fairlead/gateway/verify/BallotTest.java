package io.fairlead.gateway.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.RealTime;
import io.fairlead.gateway.verify.Ballot.Group;
import io.fairlead.gateway.verify.Ballot.Vote;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is believed of several answers. */
final class BallotTest {
  private static final String TRUTH = "\"0x1\"";
  private static final int CASES = 5000;

  private static Upstream in(String id, String... clouds) {
    List<FailureDomain> domains = List.of(clouds).stream().map(FailureDomain::cloud).toList();
    return new Upstream("c", 0, new UpstreamSpec(id, domains, 100, 0, 10));
  }

  private static Vote vote(Upstream by, boolean isTrusted, String result) {
    return new Vote(by, isTrusted, Answers.result(null, result), Held.ofNothing());
  }

  private static Reading believed(@Nullable Group group) {
    assertNotNull(group);
    return group.reading();
  }

  @Test
  void aQuorumOfDomainsIsBelievedAndNotOfUpstreams() {
    Ballot ballot = new Ballot(2);
    ballot.add(vote(in("a", "home"), false, TRUTH));
    ballot.add(vote(in("b", "home"), false, TRUTH));
    assertNull(ballot.believed(), "one domain, twice");
    ballot.add(vote(in("c", "aws"), false, TRUTH));
    assertTrue(believed(ballot.believed()).agreesWith(Answers.result(null, TRUTH)));
  }

  @Test
  void onlyOneWhoSharesNothingWithAGroupIsWorthAsking() {
    Ballot ballot = new Ballot(2);
    ballot.add(vote(in("a", "home"), false, TRUTH));
    assertFalse(ballot.canRaise(in("b", "home", "x")));
    assertTrue(ballot.canRaise(in("c", "aws")));
    ballot.add(vote(in("c", "aws"), false, "\"0x2\""));
    assertTrue(ballot.canRaise(in("b", "home")), "it could second the other");
  }

  @Test
  void strangersDoNotOutvoteATrustedUpstream() {
    Ballot ballot = new Ballot(2);
    ballot.add(vote(in("a", "x"), false, "\"0x2\""));
    ballot.add(vote(in("t", "y"), true, TRUTH));
    ballot.add(vote(in("b", "z"), false, "\"0x2\""));
    assertNull(ballot.believed());
    assertTrue(believed(ballot.ofTrusted()).agreesWith(Answers.result(null, TRUTH)));
  }

  @Test
  void notHereYetDoesNotKeepAValueFromBeingBelieved() {
    Ballot ballot = new Ballot(2);
    ballot.add(vote(in("a", "x"), false, TRUTH));
    ballot.add(vote(in("t", "y"), true, "null"));
    ballot.add(vote(in("b", "z"), false, TRUTH));
    assertTrue(believed(ballot.believed()).agreesWith(Answers.result(null, TRUTH)));
  }

  @Test
  void trustedUpstreamsThatDifferSettleNothing() {
    Ballot ballot = new Ballot(3);
    ballot.add(vote(in("t", "y"), true, TRUTH));
    ballot.add(vote(in("u", "z"), true, "\"0x2\""));
    assertNull(ballot.believed());
    assertNull(ballot.ofTrusted());
  }

  @Test
  void noNumberOfLiesShortOfAQuorumOfOneLieIsEverBelieved() {
    long seed = RealTime.CLOCK.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      int quorum = 2 + random.nextInt(3);
      List<Vote> votes = new ArrayList<>();
      int honest = random.nextInt(4);
      for (int h = 0; h < honest; h++) {
        votes.add(vote(in("h" + h, "honest" + h), random.nextInt(3) == 0, TRUTH));
      }
      int lies = 1 + random.nextInt(3);
      for (int lie = 0; lie < lies; lie++) {
        for (int l = random.nextInt(quorum); l > 0; l--) {
          String said = "\"0x" + (lie + 2) + "\"";
          votes.add(vote(in("l" + lie + l, "liar" + lie + l), false, said));
        }
        votes.add(vote(in("m" + lie, "liar" + lie + "1"), false, "\"0xf" + lie + "\""));
      }
      Collections.shuffle(votes, random);
      Ballot ballot = new Ballot(quorum);
      boolean decided = false;
      for (Vote vote : votes) {
        ballot.add(vote);
        Group group = ballot.believed();
        decided |= group != null;
        if (group != null) {
          assertTrue(
              group.reading().agreesWith(Answers.result(null, TRUTH)), "seed " + seed + " " + i);
        }
      }
      assertEquals(honest >= quorum, decided, "seed " + seed + " case " + i);
    }
  }

  @Test
  void threeBlocksWithinTenMinutesProveWhatOneDoesNot() {
    Strikes strikes = new Strikes();
    assertFalse(strikes.add("a", 1, 0));
    assertFalse(strikes.add("a", 1, 1), "a fork lasts a block or two");
    assertFalse(strikes.add("a", 2, 2));
    assertFalse(strikes.add("b", 3, 3));
    assertTrue(strikes.add("a", 3, 4));
    assertFalse(strikes.add("a", 4, 5), "it has been dealt with");
    assertFalse(strikes.add("a", 5, 6));
    assertFalse(strikes.add("a", 6, 5 + Strikes.MEMORY_NANOS), "long ago");
  }
}
