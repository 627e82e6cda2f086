package io.fairlead.gateway.feed;

import io.fairlead.routing.time.NanoClock;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the block that a story begins with.
 *
 * <p>A head that two sources that are apart stand by is one. A trusted source's head alone is asked
 * for by its hash first, so that a head that was made up begins no story; sources take turns, those
 * that failed least first.
 *
 * <p>Thread-safety: confined to the home loop; the source of blocks may answer at once.
 */
final class Anchor {
  private static final int AIM_TRIES = 2;

  private final BlockSource source;
  private final NanoClock clock;
  private final Runnable onChange;
  private boolean isAsking;
  private @Nullable Header confirmed;
  private @Nullable String aim;
  private int triesLeft;

  /**
   * Nothing is asked.
   *
   * @param onChange run when an answer has come
   */
  Anchor(BlockSource source, NanoClock clock, Runnable onChange) {
    this.source = source;
    this.clock = clock;
    this.onChange = onChange;
  }

  /**
   * Prefers a block that is known to be one of the chain's newest to what sources say; if nobody
   * gives it, sources are asked after all.
   *
   * @param hash the block's, null for none
   */
  void aim(@Nullable String hash) {
    aim = hash;
    triesLeft = AIM_TRIES;
  }

  /** Whether there is a block that is preferred. */
  boolean isAimed() {
    return aim != null;
  }

  /** Takes the head that was confirmed, null if none is. */
  @Nullable Header take() {
    Header taken = confirmed;
    confirmed = null;
    return taken;
  }

  /** The highest head that two sources that are apart say, or one's that another's follows. */
  static @Nullable Header agreed(Iterable<Seat> seats, BlockPool pool) {
    Header best = null;
    for (Seat seat : seats) {
      for (Seat other : seats) {
        Header said = seat.said();
        boolean isHigher = best == null || said.number() > best.number();
        if (isHigher && seat.isApartFrom(other) && pool.descends(other.said(), said)) {
          best = said;
        }
      }
    }
    return best;
  }

  /** Asks for the head of one of some sources, unless one is asked for. */
  void work(List<Seat> seats) {
    if (isAsking || confirmed != null) {
      return;
    }
    if (aim != null) {
      askForAim(aim);
      return;
    }
    seats.stream()
        .filter(seat -> seat.isTrusted() && seat.notBeforeNanos() <= clock.nanoTime())
        .min(Comparator.comparingInt(Seat::failures).thenComparing(seat -> -seat.said().number()))
        .ifPresent(this::ask);
  }

  private void askForAim(String hash) {
    isAsking = true;
    source.headerByHash(
        hash,
        new BlockSource.Found<>() {
          @Override
          public void onFound(Header block) {
            if (!block.hash().equalsIgnoreCase(hash)) {
              onMissing("another block was given");
              return;
            }
            isAsking = false;
            if (hash.equals(aim)) {
              aim = null;
              confirmed = block;
            }
            onChange.run();
          }

          @Override
          public void onMissing(String reason) {
            isAsking = false;
            triesLeft--;
            if (triesLeft <= 0) {
              aim = null;
            }
            onChange.run();
          }
        });
  }

  private void ask(Seat seat) {
    Header said = seat.said();
    isAsking = true;
    source.headerByHash(
        said.hash(),
        new BlockSource.Found<>() {
          @Override
          public void onFound(Header block) {
            if (block.hash().equals(said.hash()) && block.number() == said.number()) {
              isAsking = false;
              seat.onFound();
              confirmed = block;
              onChange.run();
            } else {
              onMissing("another block was given");
            }
          }

          @Override
          public void onMissing(String reason) {
            isAsking = false;
            seat.onMissing(clock.nanoTime());
            onChange.run();
          }
        });
  }
}
