package io.fairlead.gateway.feed;

import io.fairlead.routing.Upstream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that are known but not in the story: what sources said lately and what was fetched.
 *
 * <p>Sources may say the right hash and lie about the rest. So what was fetched goes before what
 * was said, and what was fetched last before what was fetched earlier: asking again heals a lie.
 * What a trusted source said goes before what a community source said. Each source has its own
 * room, so that one that floods displaces nothing but its own.
 *
 * <p>Thread-safety: confined to the home loop. Cost: {@link #MOST_SAID} headers a source and as
 * many fetched ones as it is made for.
 */
final class BlockPool {
  private static final int MOST_SAID = 64;

  private final Room fetched;
  private final Map<Upstream, Room> trusted = new HashMap<>();
  private final Map<Upstream, Room> community = new HashMap<>();

  /** The newest headers, up to a number. */
  private static final class Room extends LinkedHashMap<String, Header> {
    private static final long serialVersionUID = 1;
    private final int most;

    Room(int most) {
      this.most = most;
    }

    void add(Header block) {
      remove(block.hash());
      put(block.hash(), block);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Header> eldest) {
      return size() > most;
    }
  }

  BlockPool(int mostFetched) {
    fetched = new Room(mostFetched);
  }

  void onSaid(Upstream by, boolean isTrusted, Header block) {
    (isTrusted ? trusted : community).computeIfAbsent(by, k -> new Room(MOST_SAID)).add(block);
  }

  void onFetched(Header block) {
    fetched.add(block);
  }

  void onGone(Upstream by) {
    trusted.remove(by);
    community.remove(by);
  }

  /** The head of a source as it is to be shown: its own words only if there are no better ones. */
  Header shown(Seat seat) {
    Header said = seat.said();
    Header better = in(fetched, said.hash(), said.number());
    if (better == null && !seat.isTrusted()) {
      better = in(trusted, said.hash(), said.number());
    }
    return better == null ? said : better;
  }

  /** Whether these very words were fetched or are a trusted source's. */
  boolean isVouchedFor(Header block) {
    return fetched.get(block.hash()) == block
        || trusted.values().stream().anyMatch(room -> room.get(block.hash()) == block);
  }

  /** A block by its hash if it is at the height where it should be, or null. */
  @Nullable Header find(String hash, long number) {
    Header found = in(fetched, hash, number);
    if (found == null) {
      found = in(trusted, hash, number);
    }
    return found == null ? in(community, hash, number) : found;
  }

  private static @Nullable Header in(Room room, String hash, long number) {
    Header found = room.get(hash);
    return found != null && found.number() == number ? found : null;
  }

  private static @Nullable Header in(Map<Upstream, Room> rooms, String hash, long number) {
    for (Room room : rooms.values()) {
      Header found = in(room, hash, number);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Whether one block is another or is known to follow it. */
  boolean descends(Header block, Header from) {
    Header at = block;
    while (at != null && at.number() > from.number()) {
      at = find(at.parentHash(), at.number() - 1);
    }
    return at != null && at.hash().equals(from.hash());
  }

  /** Forgets what was fetched. */
  void clear() {
    fetched.clear();
  }
}
