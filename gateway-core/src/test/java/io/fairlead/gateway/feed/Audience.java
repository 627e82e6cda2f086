package io.fairlead.gateway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Hears a story and fails at once where it is not what was promised. */
final class Audience implements FeedListener {
  private final List<Header> blocks = new ArrayList<>();
  private final List<String> logs = new ArrayList<>();
  private final List<String> logBlocks = new ArrayList<>();
  private final Set<String> heard = new HashSet<>();
  private final List<String> losses = new ArrayList<>();
  private int removals;
  private boolean hasBegun;

  /** The blocks heard and not taken back, in order. */
  List<Header> blocks() {
    return blocks;
  }

  /** The logs heard and not taken back, in order. */
  List<String> logs() {
    return logs;
  }

  List<String> losses() {
    return losses;
  }

  int removals() {
    return removals;
  }

  @Override
  public void onBlock(Header block) {
    if (!blocks.isEmpty()) {
      Header last = blocks.get(blocks.size() - 1);
      assertEquals(last.hash(), block.parentHash(), () -> block + " does not follow " + last);
      assertEquals(last.number() + 1, block.number());
    }
    assertTrue(heard.add(block.hash()), () -> block + " was told twice");
    blocks.add(block);
    hasBegun = true;
  }

  @Override
  public void onLogs(Header block, List<Log> told) {
    assertFalse(told.isEmpty());
    if (!heard.contains(block.hash())) {
      return;
    }
    assertFalse(logBlocks.contains(block.hash()), () -> "logs of " + block + " twice");
    logBlocks.add(block.hash());
    told.forEach(log -> logs.add(text(log.json())));
  }

  @Override
  public void onRemoved(Header block, List<Log> told) {
    removals++;
    if (!heard.remove(block.hash())) {
      assertTrue(blocks.isEmpty() || !hasBegun, () -> block + " was never told but is removed");
      return;
    }
    Header last = blocks.remove(blocks.size() - 1);
    assertEquals(last.hash(), block.hash(), "the newest block leaves first");
    for (int i = told.size() - 1; i >= 0; i--) {
      String log = text(told.get(i).json());
      assertEquals(logs.remove(logs.size() - 1), log, "the newest log leaves first");
      assertTrue(text(told.get(i).removedJson()).endsWith(":true}"));
    }
    assertEquals(!told.isEmpty(), logBlocks.remove(block.hash()));
  }

  @Override
  public void onLost(String reason) {
    assertNotNull(reason);
    losses.add(reason);
    blocks.clear();
    logs.clear();
    logBlocks.clear();
    heard.clear();
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
