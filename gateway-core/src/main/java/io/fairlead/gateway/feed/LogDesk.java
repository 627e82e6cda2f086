package io.fairlead.gateway.feed;

import io.fairlead.routing.time.NanoClock;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Gets the logs of the story's blocks and tells them in the blocks' order.
 *
 * <p>Up to {@link #MOST_AHEAD} blocks are asked for side by side; what comes early waits for its
 * turn. What is missing is asked for again as long as its block is in the story. The logs of told
 * blocks are kept up to a number of bytes, in case their blocks leave.
 *
 * <p>Thread-safety: confined to the home loop; the source may answer at once.
 */
final class LogDesk {
  private static final int MOST_AHEAD = 8;

  private final FeedListener listener;
  private final BlockSource source;
  private final NanoClock clock;
  private final Runnable onChange;
  private final BloomSkip skip = new BloomSkip();
  private final long mostKeptBytes;
  private final ArrayDeque<Adopted> waiting = new ArrayDeque<>();
  private final ArrayDeque<Adopted> kept = new ArrayDeque<>();
  private long keptBytes;

  /**
   * A desk with nothing to do.
   *
   * @param onChange run when an answer has come
   */
  LogDesk(
      FeedListener listener,
      BlockSource source,
      NanoClock clock,
      Runnable onChange,
      long mostKeptBytes) {
    this.listener = listener;
    this.source = source;
    this.clock = clock;
    this.onChange = onChange;
    this.mostKeptBytes = mostKeptBytes;
  }

  /**
   * A block has joined.
   *
   * @param isBloomTrue whether its bloom is more than a community source's word
   */
  void onJoined(Adopted block, boolean isBloomTrue) {
    waiting.addLast(block);
    if (block.interest().isNone()
        || (isBloomTrue && skip.isSkipped(block.block(), block.interest()))) {
      block.onHere(List.of());
    }
  }

  /**
   * The newest block has left.
   *
   * @return the logs that were told of it
   */
  List<Log> onLeft(Adopted block) {
    List<Log> told = List.of();
    if (block.state() == Adopted.Logs.TOLD) {
      told = block.logs();
      if (kept.removeLastOccurrence(block)) {
        keptBytes -= bytes(told);
      }
    } else {
      waiting.removeLastOccurrence(block);
    }
    block.onLeft();
    return told;
  }

  /** A block is too old to leave; false if its logs were not even told. */
  boolean tryForget(Adopted block) {
    if (kept.removeFirstOccurrence(block)) {
      keptBytes -= bytes(block.logs());
    }
    return !waiting.contains(block);
  }

  /** Tells what is here and asks for what is next. */
  void work() {
    tell();
    int ahead = 0;
    for (Adopted block : List.copyOf(waiting)) {
      if (ahead++ == MOST_AHEAD) {
        break;
      }
      if (block.isDue(clock.nanoTime())) {
        ask(block);
      }
    }
    tell();
  }

  /** When a block is to be asked for again, {@link Long#MAX_VALUE} if none. */
  long nextNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    int ahead = 0;
    for (Adopted block : waiting) {
      if (ahead++ == MOST_AHEAD) {
        break;
      }
      if (block.state() == Adopted.Logs.WANTED && block.notBeforeNanos() > nowNanos) {
        next = Math.min(next, block.notBeforeNanos());
      }
    }
    return next;
  }

  private void ask(Adopted block) {
    block.onAsked();
    source.logsOf(
        block.block(),
        block.interest(),
        new BlockSource.Found<>() {
          @Override
          public void onFound(List<Log> logs) {
            onAnswer(block, logs);
          }

          @Override
          public void onMissing(String reason) {
            if (block.state() == Adopted.Logs.ASKED) {
              block.onMissing(clock.nanoTime());
              onChange.run();
            }
          }
        });
  }

  private void onAnswer(Adopted block, List<Log> logs) {
    if (block.state() == Adopted.Logs.ASKED) {
      skip.onLogs(block.block(), logs);
      block.onHere(logs);
      onChange.run();
    }
  }

  private void tell() {
    for (Adopted block = waiting.peekFirst();
        block != null && block.isHere();
        block = waiting.peekFirst()) {
      waiting.removeFirst();
      block.onTold();
      if (!block.logs().isEmpty()) {
        keep(block);
        listener.onLogs(block.block(), block.logs());
      }
    }
  }

  private void keep(Adopted block) {
    kept.addLast(block);
    keptBytes += bytes(block.logs());
    while (keptBytes > mostKeptBytes && kept.size() > 1) {
      Adopted oldest = kept.removeFirst();
      keptBytes -= bytes(oldest.logs());
      oldest.forget();
    }
  }

  private static long bytes(List<Log> logs) {
    long bytes = 0;
    for (Log log : logs) {
      bytes += log.bytes();
    }
    return bytes;
  }

  void clear() {
    waiting.forEach(Adopted::onLeft);
    waiting.clear();
    kept.clear();
    keptBytes = 0;
  }
}
