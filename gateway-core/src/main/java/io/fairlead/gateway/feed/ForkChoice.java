package io.fairlead.gateway.feed;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of the sources' heads the story follows.
 *
 * <p>What continues the story is followed at once. What undoes a part of it is followed
 *
 * <ul>
 *   <li>when it is higher, unless it is one source's word (or that of one failure domain) against
 *       what two that are apart stand by and have stood by within three block times;
 *   <li>when it is not higher, if nobody stands by our part any more, or only one against two that
 *       are apart and not silent, and that for a moment.
 * </ul>
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class ForkChoice {
  private static final long LEAST_MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MOST_MOMENT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long NEVER = Long.MAX_VALUE;

  private final Seats seats;
  private final BlockPace pace;
  private long momentEndsNanos = NEVER;

  ForkChoice(Seats seats, BlockPace pace) {
    this.seats = seats;
    this.pace = pace;
  }

  /** When it is to be asked again though nothing came, {@link Long#MAX_VALUE} if it need not. */
  long nextNanos() {
    return momentEndsNanos;
  }

  /** Forgets what it waits for. */
  void clear() {
    momentEndsNanos = NEVER;
  }

  /** The way to the head that is to be followed now, null if the story's is the best. */
  @Nullable Path choose(Header tip, long nowNanos) {
    Path best = null;
    boolean isLeft = false;
    for (Seat seat : seats.all()) {
      Path path = seat.path();
      if (!path.leads() || !seats.isBelieved(seat) || !isHigher(path, best)) {
        continue;
      }
      boolean isFollowed = mayFollow(path, tip, nowNanos);
      if (!isFollowed && isTipLeftFor(path, nowNanos)) {
        isLeft = true;
        isFollowed = hasMomentPassed(nowNanos);
      }
      best = isFollowed ? path : best;
    }
    if (!isLeft || best != null) {
      momentEndsNanos = NEVER;
    }
    return best;
  }

  private static boolean isHigher(Path path, @Nullable Path best) {
    return best == null || path.head().number() > best.head().number();
  }

  private boolean mayFollow(Path path, Header tip, long nowNanos) {
    Header ancestor = path.joint();
    if (ancestor.hash().equals(tip.hash())) {
      return true;
    }
    if (path.head().number() <= tip.number()) {
      return false;
    }
    return !areApart(seats.standBy(ancestor), nowNanos)
        || Seats.areApart(seats.behind(path.foot()));
  }

  private boolean isTipLeftFor(Path path, long nowNanos) {
    List<Seat> ours = seats.standBy(path.joint());
    return ours.isEmpty()
        || (!Seats.areApart(ours) && areApart(seats.behind(path.foot()), nowNanos));
  }

  /** Whether two of them that are not silent are apart. */
  private boolean areApart(List<Seat> some, long nowNanos) {
    some.removeIf(seat -> pace.isSilent(seat.saidNanos(), nowNanos));
    return Seats.areApart(some);
  }

  private boolean hasMomentPassed(long nowNanos) {
    if (momentEndsNanos == NEVER) {
      long moment = Math.min(pace.expectedNanos() / 2, MOST_MOMENT_NANOS);
      momentEndsNanos = nowNanos + Math.max(LEAST_MOMENT_NANOS, moment);
    }
    return nowNanos >= momentEndsNanos;
  }
}
