package io.fairlead.routing.table;

import io.fairlead.routing.Upstream;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks an upstream for an attempt.
 *
 * <p><b>Idea.</b> A first attempt goes to one draw from the distribution; so in calm water the
 * shares are exactly what the table says, weights and caps included. Only if that upstream is
 * <i>hot</i> (at its learnt limit, or more in flight than its recent usual), full, or cannot serve
 * the method, three more are drawn from the distribution, and if all of them are hot three from
 * whoever is whole, by weight: the cheapest that is not hot is taken, and when all are hot the one
 * with most room. A call that is turned away from its first draw does not go where a failure domain
 * is at its {@code maxShare} while there is anybody else.
 *
 * <p><b>Room by class.</b> Nobody is asked beyond {@code maxConcurrency} and beyond its learnt
 * pace. Where a limit has been learnt, a class may use so many times that limit: logs and traces
 * 1.5, reads 2.5, light calls 4, writes 8. So in overload heavy work is shed first and alone: it
 * waits the longest, and one trace takes the room of hundreds of light calls, whose queueing at
 * four times the limit lasts milliseconds. What nobody has room for is shed at once rather than
 * piled up.
 *
 * <p><b>Retries</b> leave the failing domain: the draws accept only upstreams that share no failure
 * domain with those tried. If luck has none, a scan finds the rest: those outside the tried domains
 * before those inside, cool before hot, those under their caps before those at them; among equals
 * by share, so that a thousand rescued calls do not fall upon one upstream. An upstream is never
 * tried twice. Beside a near domain the shares of all others are mostly trickle, so retries are
 * spread wide; that is as it should be while it is not known who is ill, since they are witnesses
 * (with all of them in the next region, clients' errors convicted the near one). A hedge is sought
 * for the sake of time alone: among equals it goes by weight and preference, and not round the
 * world.
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
 * 2024, for hot and cold; Mitzenmacher, "The power of two choices", 2001, for few draws; Zhou et
 * al., "Overload control for scaling WeChat microservices", SoCC 2018, for shedding by class.
 */
public final class Picker {
  private static final int DRAWS = 3;
  private static final int RETRY_DRAWS = 8;

  /** How many times the learnt limit a class may use, by class index. */
  private static final double[] HEADROOM = {4, 2.5, 2, 2, 8};

  private final RandomGenerator random;
  private int cheapest;
  private int roomiest;
  private int roomiestCapped;

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
    request.setShed(false);
    if (!shares.isEmpty()) {
      picked = request.tried() == 0 ? draw(table, shares, request) : redraw(table, shares, request);
      if (picked < 0) {
        picked = scan(table, shares, request);
      }
    }
    if (picked < 0) {
      picked = lastResort(table, shares, request);
    }
    if (picked < 0 && request.isShed() && !request.isExtra() && isInTrouble(table, request)) {
      picked = borrow(table, shares, request);
    }
    return picked < 0 ? null : table.upstream(picked);
  }

  private int draw(RoutingTable table, Distribution shares, PickRequest request) {
    int first = shares.draw(random.nextLong());
    boolean isOpen = isOpen(table, request, first);
    if (isOpen && table.roomOf(first, request.methodClass()) >= 0) {
      return first;
    }
    cheapest = -1;
    roomiest = -1;
    roomiestCapped = -1;
    if (isOpen) {
      consider(table, shares, request, first);
    }
    for (int k = 0; k < DRAWS; k++) {
      offer(table, shares, request, shares.draw(random.nextLong()));
    }
    for (int k = 0; k < DRAWS && cheapest < 0; k++) {
      offer(table, shares, request, shares.drawSpare(random.nextLong()));
    }
    if (cheapest >= 0) {
      return cheapest;
    }
    return roomiest >= 0 ? roomiest : roomiestCapped;
  }

  private void offer(RoutingTable table, Distribution shares, PickRequest request, int i) {
    if (i >= 0 && isOpen(table, request, i)) {
      consider(table, shares, request, i);
    }
  }

  private void consider(RoutingTable table, Distribution shares, PickRequest request, int i) {
    int room = table.roomOf(i, request.methodClass());
    if (shares.isCapped[i]) {
      roomiestCapped = isRoomier(table, request, room, roomiestCapped) ? i : roomiestCapped;
    } else if (room < 0) {
      roomiest = isRoomier(table, request, room, roomiest) ? i : roomiest;
    } else if (cheapest < 0 || shares.costMillis[i] < shares.costMillis[cheapest]) {
      cheapest = i;
    }
  }

  private static boolean isRoomier(RoutingTable table, PickRequest request, int room, int than) {
    return than < 0 || room > table.roomOf(than, request.methodClass());
  }

  private int redraw(RoutingTable table, Distribution shares, PickRequest request) {
    for (int k = 0; k < RETRY_DRAWS; k++) {
      int i = shares.draw(random.nextLong());
      if (table.roomOf(i, request.methodClass()) >= 0
          && !shares.isCapped[i]
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
        int rank = rank(table, request, i, shares.isCapped[i]);
        if (rank > bestRank) {
          bestRank = rank;
          sum = 0;
        }
        if (rank > 0 && rank == bestRank) {
          double score = request.isHedge() ? shares.beside[i] : shares.share[i];
          sum += score;
          picked = random.nextDouble() * sum < score || picked < 0 ? i : picked;
        }
      }
    }
    return picked;
  }

  /** 0 for one that cannot take the call, else the higher the better. */
  private static int rank(RoutingTable table, PickRequest request, int i, boolean isCapped) {
    Upstream upstream = table.upstream(i);
    if (request.isTried(upstream) || !request.isSupportedBy(upstream)) {
      return 0;
    }
    if (!hasRoom(table, request, i)) {
      request.setShed(true);
      return 0;
    }
    int cool = table.roomOf(i, request.methodClass()) >= 0 ? 2 : 0;
    return 1 + (isCapped ? 0 : 1) + cool + (request.leavesDomains(table.topology(), i) ? 4 : 0);
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
      if (isSupported && score > 0 && rank(table, request, i, false) > 0) {
        sum += score;
        picked = random.nextDouble() * sum < score ? i : picked;
      }
    }
    return picked;
  }

  /** Whether the call failed elsewhere, or somebody who might serve it has been ejected. */
  private static boolean isInTrouble(RoutingTable table, PickRequest request) {
    boolean isInTrouble = request.tried() > 0;
    for (int i = 0; i < table.size() && !isInTrouble; i++) {
      isInTrouble = table.isEjected(table.upstream(i));
    }
    return isInTrouble;
  }

  /** A learnt pace is a guess: beyond it a call may get a 429, without it it certainly fails. */
  private static int borrow(RoutingTable table, Distribution shares, PickRequest request) {
    for (int i = 0; i < shares.share.length; i++) {
      Upstream upstream = table.upstream(i);
      if (shares.share[i] > 0
          && !request.isTried(upstream)
          && request.isSupportedBy(upstream)
          && upstream.tryBorrow()) {
        request.setShed(false);
        return i;
      }
    }
    return -1;
  }

  private static boolean isOpen(RoutingTable table, PickRequest request, int i) {
    return hasRoom(table, request, i) && request.isSupportedBy(table.upstream(i));
  }

  private static boolean hasRoom(RoutingTable table, PickRequest request, int i) {
    Upstream upstream = table.upstream(i);
    int limit = table.limitOf(i);
    return upstream.isOpen()
        && (limit == Integer.MAX_VALUE
            || upstream.inFlight() < HEADROOM[request.methodClass().index()] * limit);
  }
}
