package io.fairlead.gateway.feed;

import io.fairlead.routing.Upstream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The upstreams that are listened to, and what they stand by together.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class Seats {
  private final FeedSettings settings;
  private final Map<Upstream, Seat> seats = new LinkedHashMap<>();
  private Set<String> community;

  Seats(FeedSettings settings) {
    this.settings = settings;
    this.community = settings.community();
  }

  void setCommunity(Set<String> ids) {
    community = Set.copyOf(ids);
  }

  /** Whether an upstream's word counts alone. */
  boolean isTrusted(Upstream by) {
    return !community.contains(by.id());
  }

  void onSaid(Upstream by, Header head, long nowNanos) {
    Seat seat = seats.get(by);
    if (seat == null) {
      boolean isTrusted = isTrusted(by);
      seats.put(by, new Seat(by, isTrusted, head, nowNanos));
    } else {
      seat.onSaid(head, nowNanos);
    }
  }

  void onGone(Upstream by) {
    seats.remove(by);
  }

  Collection<Seat> all() {
    return seats.values();
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  /** When one of them is through with waiting, {@link Long#MAX_VALUE} if none waits. */
  long nextNanos(long nowNanos) {
    return seats.values().stream()
        .mapToLong(Seat::notBeforeNanos)
        .filter(nanos -> nanos > nowNanos)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Looks for the way from each one's head to the story. */
  void look(Story story, BlockPool pool) {
    for (Seat seat : seats.values()) {
      seat.lookAt(Path.of(seat, story, pool, settings));
    }
  }

  /** Whether one's way, as far as it is known, goes down to the height of a block or below. */
  boolean isBelow(Header first) {
    for (Seat seat : seats.values()) {
      if (seat.path().isOpen() && seat.path().foot().number() <= first.number()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a head is to be believed: a trusted source said it, or one apart confirms it. */
  boolean isBelieved(Seat seat) {
    if (seat.isTrusted()) {
      return true;
    }
    for (Seat other : seats.values()) {
      if (seat.isApartFrom(other) && other.path().passes(seat.said())) {
        return true;
      }
    }
    return false;
  }

  /** Those who stand by what the story has above an ancestor. */
  List<Seat> standBy(Header ancestor) {
    return choose(
        seat -> {
          Adopted at = seat.path().ancestor();
          return at != null && at.block().number() > ancestor.number();
        });
  }

  /** Those whose head is a block or descends from it. */
  List<Seat> behind(Header block) {
    return choose(seat -> seat.path().passes(block));
  }

  /** Whether two of them are apart. */
  static boolean areApart(List<Seat> some) {
    for (Seat a : some) {
      for (Seat b : some) {
        if (a.isApartFrom(b)) {
          return true;
        }
      }
    }
    return false;
  }

  private List<Seat> choose(Predicate<Seat> which) {
    List<Seat> chosen = new ArrayList<>();
    for (Seat seat : seats.values()) {
      if (which.test(seat)) {
        chosen.add(seat);
      }
    }
    return chosen;
  }
}
