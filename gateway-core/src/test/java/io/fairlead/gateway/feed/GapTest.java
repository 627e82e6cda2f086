package io.fairlead.gateway.feed;

import static io.fairlead.gateway.feed.FeedScene.block;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How far gaps are filled, and what is asked for. */
class GapTest {
  @Test
  void aGapOfTheBoundIsFilledAndNoLongerOne() {
    FeedScene scene = new FeedScene(5, 10, 1 << 20).begunAt(block('a', 10));
    scene.feed.onHead(scene.one, block('a', 16));
    assertEquals(List.of(), scene.source.asked());
    scene.feed.onHead(scene.one, block('a', 15));
    assertTrue(scene.source.isAsked(block('a', 14)));
  }

  @Test
  void laterGapsAreFilledSideBySideToo() {
    FeedScene scene = new FeedScene().begunAt(block('a', 10));
    scene.feed.onHead(scene.one, block('a', 30));
    scene.source.give(block('a', 29));
    for (long n = 27; n > 10; n--) {
      scene.source.giveNumber(block('a', n));
    }
    scene.source.give(block('a', 28));
    assertEquals(30, scene.tip().number());
    scene.feed.onHead(scene.one, block('a', 60));
    scene.source.give(block('a', 59));
    assertEquals(8, scene.source.openNumbers());
  }

  @Test
  void aBlockThatIsGivenAgainWithoutItsParentHidesNotThatNobodyHasIt() {
    FeedScene scene = new FeedScene().begunAt(block('a', 10));
    scene.feed.onGone(scene.two);
    Header orphan = block('a', 12, 'x');
    scene.feed.onHead(scene.one, orphan);
    for (int i = 0; i < 12; i++) {
      assertEquals(List.of(), scene.takeTold(), "after " + i);
      if (scene.source.isAsked(orphan)) {
        scene.source.give(orphan);
      } else {
        scene.source.failAll();
      }
      scene.pass(3_200);
    }
    assertEquals(List.of("lost: the blocks after 10 could not be had"), scene.takeTold());
  }

  @Test
  void whatASourceSaidIsGoneWithIt() {
    FeedScene scene = new FeedScene().begunAt(block('a', 10));
    scene.feed.onHead(scene.twin, block('a', 12));
    scene.feed.onGone(scene.twin);
    scene.feed.onHead(scene.one, block('a', 13));
    assertTrue(scene.source.isAsked(block('a', 12)));
  }

  @Test
  void aBlockThatLeftIsNotFetchedWhenItComesBack() {
    FeedScene scene = new FeedScene().begunAt(block('a', 10));
    scene.feed.onHead(scene.twin, block('a', 11));
    scene.feed.onHead(scene.twin, block('a', 12));
    scene.feed.onGone(scene.twin);
    scene.feed.onHead(scene.one, block('b', 11, 'a'));
    scene.feed.onHead(scene.two, block('b', 12));
    scene.feed.onHead(scene.two, block('b', 13));
    assertEquals(List.of("a11", "a12", "-a12", "-a11", "b11", "b12", "b13"), scene.takeTold());
    scene.feed.onHead(scene.one, block('a', 13));
    scene.feed.onHead(scene.two, block('a', 13));
    scene.feed.onHead(scene.one, block('a', 14));
    assertEquals(List.of("-b13", "-b12", "-b11", "a11", "a12", "a13", "a14"), scene.takeTold());
    assertFalse(scene.source.isAsked(block('a', 12)));
  }
}
