package io.fairlead.gateway.feed;

import static io.fairlead.gateway.feed.FeedScene.block;
import static io.fairlead.gateway.feed.FeedScene.log;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogStoryTest {
  private static final String EMPTY = "0x" + "0".repeat(512);
  private static final String OTHER = "0x" + "cd".repeat(20);

  private final FeedScene scene = new FeedScene();
  private final ChainFeed feed = scene.feed;

  private void begin() {
    feed.setInterest(LogInterest.ANY);
    scene.begunAt(block('a', 10));
  }

  @Test
  void logsAreToldInTheirBlocksOrderHoweverTheyCome() {
    begin();
    scene.all(block('a', 11));
    scene.all(block('a', 12));
    assertEquals(List.of("a11", "a12"), scene.takeTold(), "heads do not wait");
    scene.source.giveLogs(block('a', 12), log("q"));
    assertEquals(List.of(), scene.takeTold());
    scene.source.giveLogs(block('a', 11), log("o"), log("p"));
    assertEquals(List.of("a11 o:false", "a11 p:false", "a12 q:false"), scene.takeTold());
  }

  @Test
  void aBlockWithoutLogsIsNotToldOf() {
    begin();
    scene.all(block('a', 11));
    scene.takeTold();
    scene.source.giveLogs(block('a', 11));
    assertEquals(List.of(), scene.takeTold());
  }

  @Test
  void nobodyWhoWaitsForLogsMeansNoQuery() {
    scene.begunAt(block('a', 10));
    scene.all(block('a', 11));
    assertEquals(List.of(), scene.source.asked());
    feed.setInterest(LogInterest.ANY);
    scene.all(block('a', 12));
    assertFalse(scene.source.isAskedForLogs(block('a', 11)), "its time is over");
    assertTrue(scene.source.isAskedForLogs(block('a', 12)));
  }

  @Test
  void oneQueryAsksForABlockWhoeverSaysIt() {
    begin();
    scene.all(block('a', 11));
    assertEquals(List.of("logs " + block('a', 11).hash()), scene.source.asked());
  }

  @Test
  void eightBlocksAreAskedForAtOnceAtMost() {
    begin();
    for (int n = 11; n < 40; n++) {
      scene.all(block('a', n));
    }
    assertEquals(8, scene.source.openLogs());
    scene.source.giveLogs(block('a', 18), log("late"));
    assertEquals(7, scene.source.openLogs(), "what is kept back counts");
    scene.source.giveLogs(block('a', 11));
    assertEquals(7, scene.source.openLogs());
    assertTrue(scene.source.isAskedForLogs(block('a', 19)));
  }

  @Test
  void missingLogsAreAskedForAgainLaterAndLater() {
    begin();
    scene.all(block('a', 11));
    long wait = 100;
    for (int i = 0; i < 8; i++) {
      scene.source.failLogs(block('a', 11));
      scene.pass(wait - 1);
      assertFalse(scene.source.isAskedForLogs(block('a', 11)));
      scene.pass(1);
      assertTrue(scene.source.isAskedForLogs(block('a', 11)));
      wait = Math.min(3_200, 2 * wait);
    }
    scene.source.giveLogs(block('a', 11), log("o"));
    assertEquals(List.of("a11", "a11 o:false"), scene.takeTold());
  }

  @Test
  void logsOfABlockThatLeavesAreTakenBackBeforeTheOthersCome() {
    begin();
    scene.all(block('a', 11));
    scene.source.giveLogs(block('a', 11), log("o"), log("p"));
    scene.takeTold();
    scene.all(block('b', 11, 'a'));
    scene.all(block('b', 12));
    scene.source.giveLogs(block('b', 11, 'a'), log("n"));
    assertEquals(
        List.of("-a11", "-a11 o:true", "-a11 p:true", "b11", "b12", "b11 n:false"),
        scene.takeTold());
  }

  @Test
  void logsUnderWayAreDroppedWithTheirBlock() {
    begin();
    scene.all(block('a', 11));
    BlockSource.Found<List<Log>> late = scene.source.takeLogs(block('a', 11));
    scene.all(block('b', 11, 'a'));
    scene.all(block('b', 12));
    scene.takeTold();
    late.onFound(List.of(log("o")));
    late.onMissing("again");
    scene.pass(10_000);
    assertEquals(List.of(), scene.takeTold());
    assertFalse(scene.source.isAskedForLogs(block('a', 11)));
  }

  @Test
  void aBlockThatComesBackIsAskedForAgainAndToldOnce() {
    begin();
    scene.all(block('a', 11));
    BlockSource.Found<List<Log>> late = scene.source.takeLogs(block('a', 11));
    scene.all(block('b', 11, 'a'));
    scene.all(block('b', 12));
    scene.all(block('a', 12));
    scene.all(block('a', 13));
    scene.takeTold();
    late.onFound(List.of(log("o")));
    assertEquals(List.of(), scene.takeTold());
    scene.source.giveLogs(block('a', 11), log("o"));
    assertEquals(List.of("a11 o:false"), scene.takeTold());
  }

  @Test
  void aBloomIsBelievedOnceItHasAnnouncedLogs() {
    begin();
    scene.all(block('a', 11, 'a', EMPTY));
    assertTrue(scene.source.isAskedForLogs(block('a', 11)), "no proof yet");
    scene.source.giveLogs(block('a', 11));
    scene.all(block('a', 12));
    scene.source.giveLogs(block('a', 12), log("o"));
    scene.all(block('a', 13, 'a', EMPTY));
    assertFalse(scene.source.isAskedForLogs(block('a', 13)));
    scene.all(block('a', 14));
    scene.source.giveLogs(block('a', 14), log("p"));
    assertTrue(scene.takeTold().contains("a14 p:false"), "what was skipped keeps nothing back");
  }

  @Test
  void theBloomOfACommunitySourceSkipsNothing() {
    begin();
    scene.all(block('a', 11));
    scene.source.giveLogs(block('a', 11), log("o"));
    feed.onHead(scene.guest, block('a', 12, 'a', EMPTY));
    feed.onHead(scene.stranger, block('a', 12, 'a', EMPTY));
    assertTrue(scene.source.isAskedForLogs(block('a', 12)));
    feed.onHead(scene.guest, block('a', 13, 'a', EMPTY));
    feed.onHead(scene.one, block('a', 13));
    assertTrue(scene.source.isAskedForLogs(block('a', 13)), "the trusted one's words are shown");
    feed.onHead(scene.guest, block('a', 14, 'a', EMPTY));
    feed.onHead(scene.one, block('a', 14, 'a', EMPTY));
    assertFalse(scene.source.isAskedForLogs(block('a', 14)));
  }

  @Test
  void aBloomThatWasWrongOnceIsNeverBelievedAgain() {
    begin();
    scene.all(block('a', 11));
    scene.source.giveLogs(block('a', 11), log("o"));
    scene.all(block('a', 12, 'a', "0x" + "0".repeat(511) + "1"));
    scene.source.giveLogs(block('a', 12), log("p"));
    scene.all(block('a', 13, 'a', EMPTY));
    assertTrue(scene.source.isAskedForLogs(block('a', 13)));
  }

  @Test
  void aBloomRulesOutTheAddressesItLacks() {
    feed.setInterest(LogInterest.in(Set.of(OTHER)));
    scene.begunAt(block('a', 10));
    scene.all(block('a', 11));
    scene.source.giveLogs(block('a', 11), log(OTHER, "o"));
    scene.all(block('a', 12, 'a', BloomSkipTest.bloomOf(FeedScene.ADDRESS)));
    assertFalse(scene.source.isAskedForLogs(block('a', 12)));
    scene.all(block('a', 13, 'a', BloomSkipTest.bloomOf(OTHER)));
    assertTrue(scene.source.isAskedForLogs(block('a', 13)));
  }

  @Test
  void logsThatAreNoLongerRememberedLoseTheStoryWhenTheirBlockLeaves() {
    FeedScene small = new FeedScene(4, 8, 600);
    small.feed.setInterest(LogInterest.ANY);
    small.begunAt(block('a', 10));
    for (int n = 11; n < 14; n++) {
      small.all(block('a', n));
      small.source.giveLogs(block('a', n), log("o" + n));
    }
    small.takeTold();
    small.all(block('b', 13, 'a'));
    small.all(block('b', 14));
    assertEquals(
        List.of("-a13", "-a13 o13:true", "b13", "b14"), small.takeTold(), "the newest are kept");
    small.all(block('c', 11, 'a'));
    small.all(block('c', 12));
    small.all(block('c', 13));
    small.all(block('c', 14));
    small.all(block('c', 15));
    assertEquals(
        List.of("lost: a reorganisation goes back before block 10 and its logs", "c15"),
        small.takeTold());
  }

  @Test
  void theNewestBlocksLogsAreRememberedHoweverMany() {
    FeedScene small = new FeedScene(4, 8, 0);
    small.feed.setInterest(LogInterest.ANY);
    small.begunAt(block('a', 10));
    small.all(block('a', 11));
    small.source.giveLogs(block('a', 11), log("o"));
    assertEquals(List.of("a11", "a11 o:false"), small.takeTold());
    small.all(block('b', 11, 'a'));
    small.all(block('b', 12));
    assertEquals(List.of("-a11", "-a11 o:true", "b11", "b12"), small.takeTold());
  }

  @Test
  void logsOfBlocksThatLeftTakeNoRoom() {
    FeedScene small = new FeedScene(4, 8, 600);
    small.feed.setInterest(LogInterest.ANY);
    small.begunAt(block('a', 10));
    for (int n = 11; n < 13; n++) {
      small.all(block('a', n));
      small.source.giveLogs(block('a', n), log("o" + n));
    }
    small.all(block('b', 12, 'a'));
    small.all(block('b', 13));
    small.source.giveLogs(block('b', 12, 'a'), log("p"));
    small.takeTold();
    small.all(block('c', 11, 'a'));
    small.all(block('c', 12));
    small.all(block('c', 13));
    small.all(block('c', 14));
    assertEquals(
        List.of("-b13", "-b12", "-b12 p:true", "-a11", "-a11 o11:true", "c11", "c12", "c13", "c14"),
        small.takeTold());
  }

  @Test
  void logsThatNobodyGivesUntilTheirBlockIsOldLoseTheStory() {
    FeedScene small = new FeedScene(4, 8, 1 << 20);
    small.feed.setInterest(LogInterest.ANY);
    small.begunAt(block('a', 10));
    for (int n = 11; n < 19; n++) {
      small.all(block('a', n));
      small.source.failLogs(block('a', 11));
      small.pass(3_200);
    }
    small.takeTold();
    small.all(block('a', 19));
    assertEquals(
        List.of("a19", "lost: the logs of block 11 could not be had", "a19"), small.takeTold());
  }
}
