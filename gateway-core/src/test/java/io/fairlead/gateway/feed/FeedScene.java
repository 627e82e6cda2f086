package io.fairlead.gateway.feed;

import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.routing.Upstream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A feed, three trusted sources in two clouds, two community ones, and what was told. */
final class FeedScene implements FeedListener {
  static final String ADDRESS = "0x" + "ab".repeat(20);

  final Upstream one = FakeNode.upstream("one", 0, "east");
  final Upstream two = FakeNode.upstream("two", 1, "west");
  final Upstream twin = FakeNode.upstream("twin", 2, "east");
  final Upstream guest = FakeNode.upstream("guest", 3, "north");
  final Upstream guestTwin = FakeNode.upstream("guest-twin", 4, "north");
  final Upstream stranger = FakeNode.upstream("stranger", 5, "south");

  final ManualScheduler time = new ManualScheduler();
  final HandSource source = new HandSource();
  final List<String> told = new ArrayList<>();
  final ChainFeed feed;
  Runnable onTold = () -> {};

  FeedScene() {
    this(1024, 1280, 64 << 20);
  }

  FeedScene(int gapBlocks, int windowBlocks, long keptLogBytes) {
    Set<String> community = Set.of("guest", "guest-twin", "stranger");
    feed =
        new ChainFeed(
            this,
            source,
            time,
            new FeedSettings(
                community, Duration.ofSeconds(2), gapBlocks, windowBlocks, keptLogBytes));
  }

  /** A story that begins behind a block that two sources say. */
  FeedScene begunAt(Header block) {
    feed.onHead(one, block);
    feed.onHead(two, block);
    feed.goLive(null);
    return this;
  }

  /** All sources that are trusted say a block. */
  void all(Header block) {
    feed.onHead(one, block);
    feed.onHead(two, block);
    feed.onHead(twin, block);
  }

  /** A block of a branch; blocks of a branch follow each other. */
  static Header block(char branch, long number) {
    return block(branch, number, branch);
  }

  /** The first block of a branch that leaves another. */
  static Header block(char branch, long number, char parentBranch) {
    return block(branch, number, parentBranch, "0x" + "f".repeat(512));
  }

  static Header block(char branch, long number, char parentBranch, String bloom) {
    String name = String.valueOf(branch) + number;
    return new Header(number, hash(branch, number), hash(parentBranch, number - 1), bloom, name);
  }

  static String hash(char branch, long number) {
    return "0x"
        + HexFormat.of().toHexDigits((byte) branch)
        + "0".repeat(46)
        + HexFormat.of().toHexDigits(number);
  }

  static Log log(String text) {
    return log(ADDRESS, text);
  }

  static Log log(String address, String text) {
    return new Log(address, List.of(), text + ":false", text + ":true");
  }

  List<String> takeTold() {
    List<String> taken = List.copyOf(told);
    told.clear();
    return taken;
  }

  /** The story's newest block; there must be one. */
  Header tip() {
    return Objects.requireNonNull(feed.head());
  }

  void pass(long millis) {
    time.advance(Duration.ofMillis(millis));
  }

  @Override
  public void onBlock(Header block) {
    told.add(name(block));
    onTold.run();
  }

  @Override
  public void onLogs(Header block, List<Log> logs) {
    logs.forEach(log -> told.add(name(block) + " " + FeedScene.text(log.json())));
    onTold.run();
  }

  @Override
  public void onRemoved(Header block, List<Log> logs) {
    told.add("-" + name(block));
    logs.forEach(log -> told.add("-" + name(block) + " " + FeedScene.text(log.removedJson())));
    onTold.run();
  }

  @Override
  public void onLost(String reason) {
    told.add("lost: " + reason);
    onTold.run();
  }

  private static String name(Header block) {
    return text(block.json());
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
