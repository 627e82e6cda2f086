package io.fairlead.gateway.feed;

import java.util.List;

/**
 * A block of the story from when it joins to when it leaves or is forgotten, with its logs.
 *
 * <p>A block that joins again is another object, so that nothing that was under way for the first
 * time can reach the second. Thread-safety: confined to the home loop.
 */
final class Adopted {
  /** How far its logs are. */
  enum Logs {
    /** The block was there before the story began: it is not told. */
    BEFORE,
    /** They are to be asked for. */
    WANTED,
    /** They are asked for. */
    ASKED,
    /** They are here, those of an earlier block are not. */
    HERE,
    /** They were told. */
    TOLD,
    /** They were told and are no longer remembered. */
    FORGOTTEN,
    /** The block has left, nobody waits for them. */
    LEFT
  }

  private final Header block;
  private final LogInterest interest;
  private Logs state = Logs.WANTED;
  private List<Log> logs = List.of();
  private int failures;
  private long notBeforeNanos = Long.MIN_VALUE;

  Adopted(Header block, LogInterest interest) {
    this.block = block;
    this.interest = interest;
  }

  /** A block that was there before the story began. */
  static Adopted before(Header block) {
    Adopted before = new Adopted(block, LogInterest.NONE);
    before.state = Logs.BEFORE;
    return before;
  }

  /** Whether the story tells of it. */
  boolean isTold() {
    return state != Logs.BEFORE;
  }

  Header block() {
    return block;
  }

  /** Which logs were waited for when the block joined. */
  LogInterest interest() {
    return interest;
  }

  Logs state() {
    return state;
  }

  /** The logs that are here, told or not. */
  List<Log> logs() {
    return logs;
  }

  boolean isHere() {
    return state == Logs.HERE;
  }

  /** Whether they may be asked for now. */
  boolean isDue(long nowNanos) {
    return state == Logs.WANTED && nowNanos >= notBeforeNanos;
  }

  /** When they may be asked for, if they are wanted. */
  long notBeforeNanos() {
    return notBeforeNanos;
  }

  void onAsked() {
    state = Logs.ASKED;
  }

  void onHere(List<Log> found) {
    state = Logs.HERE;
    logs = found;
  }

  void onMissing(long nowNanos) {
    state = Logs.WANTED;
    notBeforeNanos = nowNanos + BackOff.nanos(failures);
    failures++;
  }

  void onTold() {
    state = Logs.TOLD;
  }

  void forget() {
    state = Logs.FORGOTTEN;
    logs = List.of();
  }

  void onLeft() {
    state = Logs.LEFT;
  }
}
