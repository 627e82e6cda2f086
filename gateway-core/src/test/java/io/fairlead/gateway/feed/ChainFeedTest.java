package io.fairlead.gateway.feed;

import static io.fairlead.gateway.feed.FeedScene.block;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChainFeedTest {
  private final FeedScene scene = new FeedScene();
  private final ChainFeed feed = scene.feed;

  @Test
  void whoeverSaysFirstWhatFollowsIsBelievedAndTheOthersAreNotRepeated() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.two, block('a', 11));
    feed.onHead(scene.one, block('a', 11));
    feed.onHead(scene.two, block('a', 11));
    feed.onHead(scene.one, block('a', 12));
    assertEquals(List.of("a11", "a12"), scene.takeTold());
    assertEquals(List.of(), scene.source.asked());
  }

  @Test
  void theHeadThatWasKnownBeforeAnybodyListenedIsNotTold() {
    scene.begunAt(block('a', 10));
    assertEquals(List.of(), scene.takeTold());
    assertEquals(10, scene.tip().number());
  }

  @Test
  void theFirstHeadIsToldWhereNoneWasKnown() {
    feed.goLive(null);
    feed.onHead(scene.one, block('a', 10));
    assertEquals(List.of(), scene.takeTold());
    scene.source.give(block('a', 10));
    assertEquals(List.of("a10"), scene.takeTold());
  }

  @Test
  void aHeadThatNobodyElseKnowsBeginsNoStory() {
    feed.goLive(null);
    feed.onHead(scene.one, block('x', 1_000_000));
    feed.onHead(scene.guest, block('a', 10));
    scene.source.failAll();
    feed.onHead(scene.two, block('a', 10));
    assertEquals(List.of("a10"), scene.takeTold());
  }

  @Test
  void twoThatMayFailTogetherBeginNoStory() {
    feed.onHead(scene.one, block('x', 1_000_000));
    feed.onHead(scene.twin, block('x', 1_000_000));
    feed.goLive(null);
    assertNull(feed.head());
    feed.onHead(scene.two, block('x', 1_000_000));
    assertEquals(1_000_000, scene.tip().number());
  }

  @Test
  void aHeadAtAnotherHeightThanTheUpstreamsKnowItBeginsNoStory() {
    feed.goLive(null);
    Header true10 = block('a', 10);
    feed.onHead(scene.one, new Header(1_000_010, true10.hash(), true10.parentHash(), null, "lie"));
    scene.source.give(true10);
    assertNull(feed.head());
  }

  @Test
  void aStoryBeginsBehindTheBlockThatIsKnownToBeTheNewest() {
    feed.goLive(block('a', 10).hash());
    feed.onHead(scene.one, block('a', 13));
    feed.onHead(scene.two, block('a', 13));
    assertNull(feed.head());
    scene.source.give(block('a', 10));
    scene.source.give(block('a', 12));
    scene.source.give(block('a', 11));
    assertEquals(List.of("a11", "a12", "a13"), scene.takeTold());
  }

  @Test
  void ifNobodyGivesTheKnownBlockTheSourcesAreBelieved() {
    feed.goLive(block('x', 10).hash());
    feed.onHead(scene.one, block('a', 10));
    feed.onHead(scene.two, block('a', 10));
    scene.source.failAll();
    assertNull(feed.head());
    scene.source.failAll();
    assertEquals(10, scene.tip().number());
    feed.onHead(scene.one, block('a', 11));
    assertEquals(List.of("a11"), scene.takeTold());
  }

  @Test
  void whileNobodyListensNothingIsFetchedOrTold() {
    feed.onHead(scene.one, block('a', 10));
    feed.onHead(scene.one, block('a', 15));
    scene.pass(60_000);
    assertEquals(List.of(), scene.source.asked());
    assertEquals(List.of(), scene.takeTold());
    assertEquals(0, scene.time.pending());
    assertNull(feed.head());
  }

  @Test
  void whatIsMissingIsToldBeforeTheHead() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('a', 13));
    scene.source.give(block('a', 12));
    assertEquals(List.of(), scene.takeTold());
    scene.source.give(block('a', 11));
    assertEquals(List.of("a11", "a12", "a13"), scene.takeTold());
  }

  @Test
  void aLongGapIsFilledSideBySideWithinBounds() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('a', 100));
    assertEquals(0, scene.source.openNumbers(), "a head that may be made up costs one request");
    scene.source.give(block('a', 99));
    assertEquals(8, scene.source.openNumbers());
    for (long n = 97; n > 10; n--) {
      assertTrue(scene.source.isAsked(n), "height " + n);
      scene.source.giveNumber(block('a', n));
      assertTrue(scene.source.openNumbers() <= 8);
    }
    scene.source.give(block('a', 98));
    assertEquals(90, scene.takeTold().size());
    assertEquals(100, scene.tip().number());
  }

  @Test
  void aGapOfAnotherBranchByNumberIsFilledByHash() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('a', 14));
    scene.source.give(block('a', 13));
    scene.source.giveNumber(block('b', 11, 'a'));
    scene.source.give(block('a', 12));
    assertEquals(List.of(), scene.takeTold());
    scene.source.give(block('a', 11));
    assertEquals(List.of("a11", "a12", "a13", "a14"), scene.takeTold());
  }

  @Test
  void aHeadThatLinksIsNotKeptBackByOneThatDoesNot() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('x', 50));
    feed.onHead(scene.two, block('a', 11));
    assertEquals(List.of("a11"), scene.takeTold());
  }

  @Test
  void aLieAboutAParentIsHealedByAskingForTheBlockItself() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('a', 12, 'x'));
    for (int i = 0; i < 2; i++) {
      assertEquals(1, scene.source.failAll());
      scene.pass(3_200);
    }
    scene.source.give(block('a', 12));
    scene.source.give(block('a', 11));
    assertEquals(List.of("a11", "a12"), scene.takeTold());
  }

  @Test
  void anotherBlockThanWasAskedForIsNone() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('a', 12));
    scene.source.give(block('a', 11).hash(), block('b', 11, 'a'));
    scene.pass(99);
    assertFalse(scene.source.isAsked(block('a', 11)));
    scene.pass(1);
    assertTrue(scene.source.isAsked(block('a', 11)));
  }

  @Test
  void theWordsOfATrustedSourceAreShown() {
    Header true11 = block('a', 11);
    feed.onHead(scene.guest, block('a', 10));
    scene.begunAt(block('a', 10));
    feed.onHead(scene.guest, new Header(11, true11.hash(), true11.parentHash(), null, "lie"));
    feed.onHead(scene.one, true11);
    assertEquals(List.of("a11"), scene.takeTold());
  }

  @Test
  void aHigherBranchReplacesOursNewestFirst() {
    scene.begunAt(block('a', 10));
    scene.all(block('a', 11));
    scene.all(block('a', 12));
    scene.takeTold();
    feed.onHead(scene.one, block('b', 11, 'a'));
    feed.onHead(scene.one, block('b', 12));
    feed.onHead(scene.two, block('b', 12));
    feed.onHead(scene.two, block('b', 13));
    assertEquals(List.of("-a12", "-a11", "b11", "b12", "b13"), scene.takeTold());
  }

  @Test
  void aBlockThatIsAdoptedAgainIsToldAgain() {
    scene.begunAt(block('a', 10));
    scene.all(block('a', 11));
    feed.onHead(scene.one, block('b', 11, 'a'));
    feed.onHead(scene.two, block('b', 11, 'a'));
    feed.onHead(scene.two, block('b', 12));
    scene.takeTold();
    scene.all(block('a', 12));
    scene.all(block('a', 13));
    assertEquals(List.of("-b12", "-b11", "a11", "a12", "a13"), scene.takeTold());
  }

  @Test
  void atTheSameHeightTheStoryStaysWhileSomebodyStandsByIt() {
    scene.begunAt(block('a', 10));
    scene.all(block('a', 11));
    feed.onHead(scene.one, block('b', 11, 'a'));
    feed.onHead(scene.twin, block('b', 11, 'a'));
    scene.pass(60_000);
    assertEquals(List.of("a11"), scene.takeTold());
  }

  @Test
  void whatEverybodyLeftIsLeftAfterAMoment() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('a', 11));
    feed.onHead(scene.one, block('b', 11, 'a'));
    scene.pass(999);
    assertEquals(List.of("a11"), scene.takeTold());
    scene.pass(1);
    assertEquals(List.of("-a11", "b11"), scene.takeTold());
  }

  @Test
  void aSourceThatIsGoneStandsByNothing() {
    scene.begunAt(block('a', 10));
    scene.all(block('a', 11));
    feed.onHead(scene.one, block('b', 11, 'a'));
    feed.onGone(scene.two);
    feed.onGone(scene.twin);
    scene.pass(1_000);
    assertEquals(List.of("a11", "-a11", "b11"), scene.takeTold());
  }

  @Test
  void oneDoesNotUndoWhatTwoThatAreApartStandBy() {
    scene.begunAt(block('a', 10));
    scene.all(block('a', 11));
    feed.onHead(scene.twin, block('b', 11, 'a'));
    feed.onHead(scene.twin, block('b', 12));
    assertEquals(List.of("a11"), scene.takeTold());
    scene.pass(6_000);
    feed.onHead(scene.twin, block('b', 13));
    assertEquals(List.of(), scene.takeTold(), "within three block times");
    scene.pass(1);
    feed.onHead(scene.twin, block('b', 14));
    assertEquals(List.of("-a11", "b11", "b12", "b13", "b14"), scene.takeTold());
  }

  @Test
  void twoThatAreApartUndoWhatTwoOthersStandByWhenTheyAreHigher() {
    scene.begunAt(block('a', 10));
    scene.all(block('a', 11));
    feed.onHead(scene.twin, block('b', 11, 'a'));
    feed.onHead(scene.twin, block('b', 12));
    assertEquals(List.of("a11"), scene.takeTold());
    feed.onHead(scene.guest, block('b', 11, 'a'));
    assertEquals(List.of("-a11", "b11", "b12"), scene.takeTold());
  }

  @Test
  void aHeadWhoseHeightDoesNotFitItsParentIsNotFollowed() {
    scene.begunAt(block('a', 10));
    Header lie = new Header(14, FeedScene.hash('x', 14), block('a', 10).hash(), null, "x14");
    feed.onHead(scene.one, lie);
    assertEquals(List.of(), scene.takeTold());
  }

  @Test
  void aSourceThatFloodsDisplacesNothingOfOthers() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.two, block('a', 12));
    for (int n = 0; n < 100; n++) {
      feed.onHead(scene.one, block('x', 500 + 2L * n));
    }
    feed.onHead(scene.two, block('a', 13));
    scene.source.give(block('a', 11));
    assertEquals(List.of("a11", "a12", "a13"), scene.takeTold());
  }

  @Test
  void twoThatAreApartUndoWhatOneAloneStandsBy() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.two, block('x', 11, 'a'));
    feed.onHead(scene.two, block('x', 12));
    feed.onHead(scene.one, block('a', 11));
    scene.pass(60_000);
    assertEquals(List.of("x11", "x12"), scene.takeTold());
    feed.onHead(scene.one, block('a', 12));
    feed.onHead(scene.guest, block('a', 12));
    scene.pass(1_000);
    assertEquals(List.of("-x12", "-x11", "a11", "a12"), scene.takeTold());
  }

  @Test
  void aCommunityHeadNeedsAnotherThatIsApart() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.guest, block('a', 11));
    feed.onHead(scene.guestTwin, block('a', 11));
    assertEquals(List.of(), scene.takeTold());
    feed.onHead(scene.stranger, block('a', 12));
    assertEquals(List.of("a11"), scene.takeTold(), "12 is one's word, 11 two's");
    feed.onHead(scene.guest, block('a', 12));
    assertEquals(List.of("a12"), scene.takeTold());
  }

  @Test
  void anAbsurdHeightIsNotFollowed() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('x', 10 + 1025));
    scene.pass(60_000);
    assertEquals(List.of(), scene.source.asked());
    feed.onHead(scene.two, block('a', 11));
    assertEquals(List.of("a11"), scene.takeTold());
  }

  @Test
  void aGapBeyondTheBoundLosesTheStoryWhichBeginsAnew() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('a', 2000));
    assertEquals(List.of(), scene.takeTold());
    feed.onGone(scene.two);
    assertTrue(scene.source.isAsked(block('a', 2000)), "it is asked for first");
    scene.source.give(block('a', 2000));
    assertEquals(List.of("lost: the blocks after 10 could not be had"), scene.takeTold());
    feed.onHead(scene.one, block('a', 2001));
    assertEquals(List.of("a2001"), scene.takeTold());
  }

  @Test
  void twoThatAreApartBeyondTheBoundNeedNoProof() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('a', 2000));
    feed.onHead(scene.two, block('a', 2000));
    assertEquals(List.of("lost: the blocks after 10 could not be had"), scene.takeTold());
    assertEquals(2000, scene.tip().number());
  }

  @Test
  void whatNobodyGivesTwelveTimesLosesTheStory() {
    scene.begunAt(block('a', 10));
    feed.onGone(scene.two);
    feed.onHead(scene.one, block('a', 12));
    for (int i = 0; i < 11; i++) {
      assertEquals(1, scene.source.failAll());
      scene.pass(3_200);
    }
    assertEquals(List.of(), scene.takeTold());
    scene.source.failAll();
    assertEquals(List.of("lost: the blocks after 10 could not be had"), scene.takeTold());
    scene.pass(3_200);
    scene.source.give(block('a', 12));
    feed.onHead(scene.one, block('a', 13));
    assertEquals(List.of("a13"), scene.takeTold());
  }

  @Test
  void failuresOfThePastAreForgottenOnceTheStoryGoesOn() {
    scene.begunAt(block('a', 10));
    feed.onGone(scene.two);
    feed.onHead(scene.one, block('a', 12));
    for (int i = 0; i < 11; i++) {
      scene.source.failAll();
      scene.pass(3_200);
    }
    feed.onHead(scene.one, block('a', 11));
    feed.onHead(scene.one, block('a', 14));
    scene.pass(3_200);
    scene.source.failAll();
    assertEquals(List.of("a11"), scene.takeTold());
  }

  @Test
  void failuresOfThePastProveNoAbsurdHeight() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('x', 12));
    for (int i = 0; i < 12; i++) {
      assertEquals(1, scene.source.failAll());
      scene.pass(3_200);
    }
    feed.onHead(scene.one, block('x', 1_000_000));
    feed.onGone(scene.two);
    assertEquals(List.of(), scene.takeTold());
    assertEquals(10, scene.tip().number());
    feed.onHead(scene.two, block('a', 11));
    assertEquals(List.of("a11"), scene.takeTold());
  }

  @Test
  void aForkBelowTheBeginningOfTheStoryIsFollowed() {
    scene.begunAt(block('a', 10));
    scene.all(block('a', 11));
    scene.takeTold();
    feed.onHead(scene.one, block('b', 12));
    feed.onHead(scene.two, block('b', 12));
    scene.source.give(block('b', 11));
    scene.source.give(block('b', 10));
    scene.source.give(block('b', 9, 'a'));
    scene.source.give(block('a', 9));
    scene.source.give(block('a', 8));
    assertEquals(List.of("-a11", "b9", "b10", "b11", "b12"), scene.takeTold());
  }

  @Test
  void aChainThatStartedOverLosesTheStory() {
    scene.begunAt(block('a', 5000));
    feed.onHead(scene.one, block('b', 1));
    feed.onHead(scene.two, block('b', 1));
    assertEquals(List.of("lost: the blocks after 5000 could not be had"), scene.takeTold());
    feed.onHead(scene.one, block('b', 2));
    assertEquals(List.of("b2"), scene.takeTold());
  }

  @Test
  void aListenerMayGoWhileItIsTold() {
    scene.begunAt(block('a', 10));
    scene.onTold = () -> feed.rest();
    feed.onHead(scene.one, block('a', 11));
    feed.onHead(scene.one, block('a', 12));
    assertEquals(List.of("a11"), scene.takeTold());
    assertNull(feed.head());
    scene.onTold = () -> {};
    feed.onHead(scene.two, block('a', 12));
    feed.goLive(null);
    feed.onHead(scene.two, block('a', 13));
    assertEquals(List.of("a13"), scene.takeTold());
  }

  @Test
  void aStoryThatNobodyHearsAnyMoreTakesNoTime() {
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('a', 12));
    scene.source.failAll();
    feed.rest();
    scene.pass(60_000);
    assertEquals(0, scene.time.pending());
    assertFalse(scene.source.isAsked(block('a', 11)));
  }
}
