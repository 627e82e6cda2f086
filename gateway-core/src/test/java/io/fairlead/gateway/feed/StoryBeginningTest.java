package io.fairlead.gateway.feed;

import static io.fairlead.gateway.feed.FeedScene.block;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a story begins, and whom it is asked of. */
class StoryBeginningTest {
  private final FeedScene scene = new FeedScene();
  private final ChainFeed feed = scene.feed;

  @Test
  void anotherBlockThanTheKnownOneBeginsNoStory() {
    feed.goLive(block('a', 10).hash());
    scene.source.give(block('a', 10).hash(), block('x', 10));
    assertNull(feed.head());
    scene.source.give(block('a', 10));
    assertEquals(10, scene.tip().number());
  }

  @Test
  void theAnswerForABlockThatIsNoLongerWantedBeginsNoStory() {
    feed.goLive(block('a', 10).hash());
    feed.rest();
    feed.goLive(block('b', 20).hash());
    scene.source.give(block('a', 10));
    assertNull(feed.head());
    scene.source.give(block('b', 20));
    assertEquals(20, scene.tip().number());
  }

  @Test
  void aCommunityHeadAloneIsNotEvenAskedFor() {
    feed.goLive(null);
    feed.onHead(scene.guest, block('a', 10));
    scene.pass(60_000);
    assertEquals(List.of(), scene.source.asked());
  }

  @Test
  void aHeadThatNobodyGaveIsAskedForAgainAfterAWait() {
    feed.goLive(null);
    feed.onHead(scene.one, block('a', 10));
    scene.source.failAll();
    scene.pass(99);
    assertFalse(scene.source.isAsked(block('a', 10)));
    scene.pass(1);
    assertTrue(scene.source.isAsked(block('a', 10)));
  }

  @Test
  void theHighestHeadIsAskedForFirst() {
    feed.onHead(scene.one, block('a', 10));
    feed.onHead(scene.two, block('x', 12));
    feed.goLive(null);
    assertTrue(scene.source.isAsked(block('x', 12)));
  }

  @Test
  void theSourceThatFailedLeastIsNext() {
    feed.goLive(null);
    feed.onHead(scene.twin, block('x', 12));
    scene.source.failAll();
    scene.pass(100);
    feed.onHead(scene.one, block('y', 3));
    scene.source.failAll();
    assertTrue(scene.source.isAsked(block('y', 3)), "the other one waits");
    scene.pass(1_000);
    feed.onHead(scene.two, block('a', 5));
    scene.source.failAll();
    assertTrue(scene.source.isAsked(block('a', 5)), "though 12 is higher and waits no more");
  }

  @Test
  void ofBlocksThatSourcesAgreeOnTheHighestIsTheBeginning() {
    feed.onHead(scene.two, block('a', 10));
    feed.onHead(scene.one, block('a', 11));
    feed.onHead(scene.guest, block('a', 11));
    feed.goLive(null);
    assertEquals(11, scene.tip().number());
    assertEquals(List.of(), scene.takeTold());
  }

  @Test
  void aStoryThatRestedBeginsAnewBehindThePresentHead() {
    feed.onHead(scene.one, block('a', 10));
    feed.goLive(null);
    scene.source.give(block('a', 10));
    feed.rest();
    feed.onHead(scene.one, block('a', 20));
    feed.goLive(null);
    assertNull(feed.head());
    scene.source.give(block('a', 20));
    assertEquals(20, scene.tip().number());
    assertEquals(List.of(), scene.takeTold());
  }

  @Test
  void theFirstHeadIsToldOnlyOnceThoughTheStoryIsLost() {
    feed.goLive(null);
    feed.onHead(scene.one, block('a', 10));
    scene.source.give(block('a', 10));
    feed.onHead(scene.one, block('a', 12));
    for (int i = 0; i < 12; i++) {
      scene.source.failAll();
      scene.pass(3_200);
    }
    assertEquals(List.of("a10", "lost: the blocks after 10 could not be had"), scene.takeTold());
    scene.source.give(block('a', 12));
    assertEquals(12, scene.tip().number());
    assertEquals(List.of(), scene.takeTold());
  }

  @Test
  void aForkSeveralBlocksBelowTheBeginningIsFollowedAtOnceIfTheyAreKnown() {
    feed.onHead(scene.one, block('a', 8));
    feed.onHead(scene.one, block('a', 9));
    scene.begunAt(block('a', 10));
    feed.onHead(scene.one, block('b', 9, 'a'));
    feed.onHead(scene.one, block('b', 10));
    feed.onHead(scene.one, block('b', 11));
    feed.onHead(scene.two, block('b', 11));
    assertEquals(List.of("b9", "b10", "b11"), scene.takeTold());
    assertEquals(List.of(), scene.source.asked());
  }
}
