package io.fairlead.routing.table;

import io.fairlead.routing.Upstream;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks an upstream for an attempt.
 *
 * <p><b>Idea.</b> A first attempt goes to one draw from the distribution; so in calm water the
 * shares are exactly what the table says, weights and caps included. Only if that upstream is
 * <i>hot</i> (more in flight than its recent usual, {@code hotAbove}), full, or cannot serve the
 * method, three more are drawn: the cheapest that is not hot is taken, and when all are hot the one
 * with most room. Whoever reaches {@code maxConcurrency} is skipped always.
 *
 * <p><b>Retries</b> leave the failing domain: the draws accept only upstreams that share no failure
 * domain with those tried. If luck has none, a scan finds the rest: cool ones outside the tried
 * domains, hot ones outside, then untried ones inside, cool before hot; among equals by share, so
 * that a thousand rescued calls do not fall upon one upstream. An upstream is never tried twice.
 *
 * <p><b>Last resort.</b> If nobody with a share supports the method (an archive call, and the
 * archive nodes are out), a suspect upstream that does is better than nobody.
 *
 * <p><b>Cost.</b> O(1) for a first attempt whatever the number of upstreams, O(n) for the scan; no
 * allocation in either.
 *
 * <p><b>Deviation.</b> Prequal takes the cheapest of the cool among its samples always. With costs
 * already in the shares that would count them twice, break {@code maxShare}, and a bias of 0 would
 * not mean the weights; so cost decides only when the first draw is hot.
 *
 * <p>Thread-safety: none; one per event loop.
 *
 * <p>Source: Wydrowski et al., "Load is not what you should balance: introducing Prequal", NSDI
 * 2024, for hot and cold; Mitzenmacher, "The power of two choices", 2001, for few draws.
 */
public final class Picker {
  private static final int DRAWS = 4;
  private static final int RETRY_DRAWS = 8;

  private final RandomGenerator random;

  /**
   * A picker.
   *
   * @param random of this event loop alone
   */
  public Picker(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Picks; takes no permit.
   *
   * @param table the table that the call reads
   * @param request what the call asks for
   * @return an upstream not tried yet, or null if none can take the call
   */
  public @Nullable Upstream pick(RoutingTable table, PickRequest request) {
    Distribution shares = table.distribution(request.methodClass(), request.isHeadSensitive());
    int picked = -1;
    if (!shares.isEmpty()) {
      picked = request.tried() == 0 ? draw(table, shares, request) : redraw(table, shares, request);
      if (picked < 0) {
        picked = scan(table, shares, request);
      }
    }
    if (picked < 0) {
      picked = lastResort(table, shares, request);
    }
    return picked < 0 ? null : table.upstream(picked);
  }

  private int draw(RoutingTable table, Distribution shares, PickRequest request) {
    int cheapest = -1;
    int roomiest = -1;
    int mostRoom = 0;
    for (int k = 0; k < DRAWS; k++) {
      int i = shares.draw(random.nextLong());
      if (isOpen(table, request, i)) {
        int room = table.roomOf(i);
        if (room < 0) {
          if (roomiest < 0 || room > mostRoom) {
            roomiest = i;
            mostRoom = room;
          }
        } else if (k == 0) {
          return i;
        } else if (cheapest < 0 || shares.costMillis[i] < shares.costMillis[cheapest]) {
          cheapest = i;
        }
      }
    }
    return cheapest >= 0 ? cheapest : roomiest;
  }

  private int redraw(RoutingTable table, Distribution shares, PickRequest request) {
    for (int k = 0; k < RETRY_DRAWS; k++) {
      int i = shares.draw(random.nextLong());
      if (table.roomOf(i) >= 0
          && isOpen(table, request, i)
          && !request.isTried(table.upstream(i))
          && request.leavesDomains(table.topology(), i)) {
        return i;
      }
    }
    return -1;
  }

  private int scan(RoutingTable table, Distribution shares, PickRequest request) {
    int bestRank = 0;
    double sum = 0;
    int picked = -1;
    for (int i = 0; i < shares.share.length; i++) {
      if (shares.share[i] > 0) {
        int rank = rank(table, request, i);
        if (rank > bestRank) {
          bestRank = rank;
          sum = 0;
        }
        if (rank > 0 && rank == bestRank) {
          sum += shares.share[i];
          picked = random.nextDouble() * sum < shares.share[i] ? i : picked;
        }
      }
    }
    return picked;
  }

  /** 0 for one that cannot take the call, else the higher the better. */
  private static int rank(RoutingTable table, PickRequest request, int i) {
    if (request.isTried(table.upstream(i)) || !isOpen(table, request, i)) {
      return 0;
    }
    int cool = table.roomOf(i) >= 0 ? 1 : 0;
    return 1 + cool + (request.leavesDomains(table.topology(), i) ? 2 : 0);
  }

  private int lastResort(RoutingTable table, Distribution shares, PickRequest request) {
    double sum = 0;
    int picked = -1;
    for (int i = 0; i < shares.share.length; i++) {
      double score = table.lastResort(i, request.isHeadSensitive());
      boolean isSupported = request.isSupportedBy(table.upstream(i));
      if (isSupported && shares.share[i] > 0) {
        return -1;
      }
      if (isSupported && score > 0 && rank(table, request, i) > 0) {
        sum += score;
        picked = random.nextDouble() * sum < score ? i : picked;
      }
    }
    return picked;
  }

  private static boolean isOpen(RoutingTable table, PickRequest request, int i) {
    Upstream upstream = table.upstream(i);
    return upstream.inFlight() < upstream.spec().maxConcurrency()
        && request.isSupportedBy(upstream);
  }
}
