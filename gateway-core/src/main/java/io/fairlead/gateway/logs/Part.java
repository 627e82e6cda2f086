package io.fairlead.gateway.logs;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of a query's blocks that is asked for at once, or still to be cut.
 *
 * <p>It has one {@link Strand}, or several beside each other if the filter had to be cut too; then
 * their logs are merged by block and index.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class Part {
  private final long from;
  private long to;
  private long cap;
  private int failures;
  private long notBeforeNanos;
  private boolean begun;
  private int askedAlternatives;
  private List<Strand> strands = List.of();

  /** The part behind this. */
  @Nullable Part next;

  /**
   * A part that was not asked for.
   *
   * @param cap how many blocks of it may be asked for at once
   */
  Part(long from, long to, long cap) {
    this.from = from;
    this.to = to;
    this.cap = cap;
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  long blocks() {
    return to - from + 1;
  }

  /** How many blocks of it may be asked for at once. */
  long cap() {
    return cap;
  }

  /** How often it failed in a way that may pass. */
  int failures() {
    return failures;
  }

  /** Leaves it a number of its blocks and puts the others into a part behind it. */
  void cut(long blocks) {
    if (blocks < blocks()) {
      Part rest = new Part(from + blocks, to, LogLimits.NONE);
      rest.next = next;
      next = rest;
      to = from + blocks - 1;
    }
  }

  /**
   * It is asked for.
   *
   * @param alternatives how long the longest list of alternatives is with which it is
   */
  void ask(List<Strand> by, int alternatives) {
    strands = by;
    askedAlternatives = alternatives;
  }

  /** How long the longest list of alternatives was when it was asked for last. */
  int askedAlternatives() {
    return askedAlternatives;
  }

  List<Strand> strands() {
    return strands;
  }

  boolean isAsked() {
    return !strands.isEmpty();
  }

  boolean isDone() {
    return isAsked() && strands.stream().allMatch(Strand::isDone);
  }

  /** Whether anything of it went to the client, so that it cannot be asked for again. */
  boolean isBegun() {
    return begun;
  }

  long waitingBytes() {
    long sum = 0;
    for (Strand strand : strands) {
      sum += strand.waitingBytes();
    }
    return sum;
  }

  /** Whether its time to be asked for has come. */
  boolean isReady(long nowNanos) {
    return failures == 0 || nowNanos - notBeforeNanos >= 0;
  }

  /** Forgets what was asked; it is to be asked for again, fewer blocks at once. */
  void narrow(long blocks) {
    drop();
    cap = Math.min(cap, blocks);
  }

  /** Forgets what was asked; it is to be asked for again at an instant. */
  void postpone(long untilNanos) {
    drop();
    failures++;
    notBeforeNanos = untilNanos;
  }

  long notBeforeNanos() {
    return notBeforeNanos;
  }

  /** How many of its questions are open. */
  int open() {
    int count = 0;
    for (Strand strand : strands) {
      count += strand.isOpen() ? 1 : 0;
    }
    return count;
  }

  void drop() {
    List<Strand> dropped = strands;
    strands = List.of();
    dropped.forEach(Strand::drop);
  }

  void adjustReading(boolean isWanted) {
    for (Strand strand : strands) {
      strand.adjustReading(isWanted);
    }
  }

  /** The next bytes of its content, in order; null if they have not arrived or all were taken. */
  @Nullable ByteBuf poll() {
    ByteBuf piece = strands.size() == 1 ? strands.get(0).poll() : pollMerged();
    begun |= piece != null;
    return piece;
  }

  /** Whether pieces of its content are whole logs, to be set apart by commas. */
  boolean isMerged() {
    return strands.size() > 1;
  }

  private @Nullable ByteBuf pollMerged() {
    Strand foremost = null;
    LogCutter.PlacedLog first = null;
    for (Strand strand : strands) {
      LogCutter.PlacedLog log = strand.logs().peek();
      if (log == null && !strand.isDone()) {
        return null;
      }
      if (log != null && (first == null || log.isBefore(first))) {
        first = log;
        foremost = strand;
      }
    }
    return foremost == null ? null : foremost.logs().take().json();
  }
}
