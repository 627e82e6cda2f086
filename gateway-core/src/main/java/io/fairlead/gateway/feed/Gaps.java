package io.fairlead.gateway.feed;

import io.fairlead.routing.time.NanoClock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Fetches what the ways from the sources' heads to the story lack.
 *
 * <p>For each source whose way is open, the block at its foot is asked for by its hash, one request
 * at a time. Once one block below its head is known, which shows that the head is not made up, the
 * heights below are asked for by number side by side: what links is there when the way arrives,
 * what does not is asked for by hash in its turn.
 *
 * <p>Bounds: one request by hash a source, {@link #MOST_BY_NUMBER} by number, each height once a
 * gap. After a request that brought nothing a source waits, longer each time, so one whose heads
 * lead nowhere costs a request in 3.2 s.
 *
 * <p>Thread-safety: confined to the home loop; the source of blocks may answer at once.
 */
final class Gaps {
  private static final int MOST_BY_NUMBER = 8;
  private static final int DOUBT_EVERY = 3;

  private final BlockSource source;
  private final NanoClock clock;
  private final Seats seats;
  private final BlockPool pool;
  private final Runnable onChange;
  private final Set<String> asked = new HashSet<>();
  private final Set<Long> askedNumbers = new HashSet<>();
  private long triedDownTo = Long.MAX_VALUE;

  /**
   * Nothing is missing yet.
   *
   * @param onChange run when an answer has come
   */
  Gaps(BlockSource source, NanoClock clock, Seats seats, BlockPool pool, Runnable onChange) {
    this.source = source;
    this.clock = clock;
    this.seats = seats;
    this.pool = pool;
    this.onChange = onChange;
  }

  /** Asks for what is missing and may be asked for now. */
  void work(Header first, Header tip) {
    boolean isOpen = false;
    for (Seat seat : List.copyOf(seats.all())) {
      Path path = seat.path();
      if (path.isOpen()) {
        isOpen = true;
        if (path.blocks().size() > 1) {
          askByNumber(tip.number() + 1, path.foot().number() - 2);
        }
        fill(seat, first);
      }
    }
    if (!isOpen) {
      triedDownTo = Long.MAX_VALUE;
    }
  }

  private void fill(Seat seat, Header first) {
    Header foot = seat.path().foot();
    if (seat.isWaiting()
        || clock.nanoTime() < seat.notBeforeNanos()
        || askedNumbers.contains(foot.number() - 1)) {
      return;
    }
    // Whoever said the block may have lied about its parent: now and then it is asked for itself.
    boolean isDoubted = seat.failures() % DOUBT_EVERY == DOUBT_EVERY - 1;
    if (isDoubted) {
      askByHash(seat, foot.hash());
    } else {
      askByHash(seat, foot.number() < first.number() ? first.parentHash() : foot.parentHash());
    }
  }

  private void askByHash(Seat seat, String hash) {
    seat.waitFor(hash);
    if (asked.add(hash)) {
      source.headerByHash(
          hash,
          new BlockSource.Found<>() {
            @Override
            public void onFound(Header block) {
              onAnswer(hash, block);
            }

            @Override
            public void onMissing(String reason) {
              onNothing(hash);
            }
          });
    }
  }

  private void onAnswer(String hash, Header block) {
    if (!block.hash().equals(hash)) {
      onNothing(hash);
      return;
    }
    asked.remove(hash);
    pool.onFetched(block);
    for (Seat seat : seats.all()) {
      if (seat.isWaitingFor(hash)) {
        // Found again what is doubted, the way is no longer than before.
        if (seat.path().passesAsSaid(block)) {
          seat.onMissing(clock.nanoTime());
        } else {
          seat.onFound();
        }
      }
    }
    onChange.run();
  }

  private void onNothing(String hash) {
    asked.remove(hash);
    for (Seat seat : seats.all()) {
      if (seat.isWaitingFor(hash)) {
        seat.onMissing(clock.nanoTime());
      }
    }
    onChange.run();
  }

  private void askByNumber(long lowest, long highest) {
    long next = Math.min(highest, triedDownTo - 1);
    while (next >= lowest && askedNumbers.size() < MOST_BY_NUMBER) {
      triedDownTo = next;
      askByNumber(next);
      next = Math.min(next, triedDownTo) - 1;
    }
  }

  private void askByNumber(long number) {
    askedNumbers.add(number);
    source.headerByNumber(
        number,
        new BlockSource.Found<>() {
          @Override
          public void onFound(Header block) {
            askedNumbers.remove(number);
            pool.onFetched(block);
            onChange.run();
          }

          @Override
          public void onMissing(String reason) {
            askedNumbers.remove(number);
            onChange.run();
          }
        });
  }
}
