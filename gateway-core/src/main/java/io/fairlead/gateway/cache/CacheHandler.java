package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.CacheUse;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.routing.MethodClass;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls from what others were, or are being, answered; asks the handler behind it for the
 * rest.
 *
 * <p>A call finds a kept answer (hit), or waits for the same call under way on any event loop
 * (coalesced), or leads (miss): it asks, and its answer serves those who came to wait and may be
 * kept. What cannot be compared, what writes, what concerns a filter or the pending block, and
 * calls of clients that must see their own writes pass by (bypass). Writes that pass by are noted,
 * since what is known of the head may then be of before.
 *
 * <p>Thread-safety: one for a chain, called on all event loops.
 */
public final class CacheHandler implements CallHandler {
  private static final ActiveAnswer NOTHING_LEFT =
      new ActiveAnswer() {
        @Override
        public void abandon() {}

        @Override
        public void setReading(boolean on) {}
      };

  private final ChainCache cache;
  private final ClientTerms terms;
  private final CallHandler behind;
  private final @Nullable CacheLane[] lanes;

  /**
   * A handler.
   *
   * @param cache of the chain
   * @param terms what clients may be given
   * @param behind answers what the cache cannot
   * @param loops how many event loops there are
   */
  public CacheHandler(ChainCache cache, ClientTerms terms, CallHandler behind, int loops) {
    this.cache = cache;
    this.terms = terms;
    this.behind = behind;
    this.lanes = new CacheLane[loops];
  }

  /**
   * What is to be done for a client.
   *
   * @param call the client's call
   * @param message what is asked, lent
   * @param sink where the answer goes
   */
  record Errand(Call call, CallMessage message, AnswerSink sink) {}

  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    CacheLane lane = lane(call.loop());
    Inquiry inquiry = read(lane, call, message);
    Errand errand = new Errand(call, message, sink);
    return inquiry == null ? askAlone(errand) : answer(lane, inquiry, errand);
  }

  /** Every loop has a place of its own, so none sees another's write. */
  private CacheLane lane(LoopContext loop) {
    CacheLane present = lanes[loop.index()];
    if (present == null) {
      present = CacheLane.of(loop);
      lanes[loop.index()] = present;
    }
    return present;
  }

  /** The call as the cache sees it; null if it passes by. */
  private @Nullable Inquiry read(CacheLane lane, Call call, CallMessage message) {
    if (!isShareable(message)) {
      return null;
    }
    KeyWriter writer = lane.writer();
    CallKey key = writer.write(cache.realm(), message);
    if (key == null || writer.sawPending()) {
      return null;
    }
    Inquiry inquiry = Inquiry.of(key, message, writer);
    boolean isOwn = inquiry.showsMoving() || (inquiry.dependsOnHead() && !terms.mayShare(call));
    return isOwn ? null : inquiry;
  }

  private static boolean isShareable(CallMessage message) {
    MethodSpec spec = message.spec();
    return spec.isExact()
        && spec.isRepeatable()
        && spec.filter() == MethodSpec.Filter.NONE
        && message.methodClass() != MethodClass.WRITE
        && !message.isNotification();
  }

  /** Answers a call that may share: found, following or leading. */
  ActiveAnswer answer(CacheLane lane, Inquiry inquiry, Errand errand) {
    long floor = inquiry.dependsOnHead() ? terms.floorBlocks(errand.call()) : -1;
    SharedAnswer found = find(inquiry, floor, errand);
    if (found != null) {
      return giveFound(found, errand);
    }
    ConcurrentMap<CallKey, Flight> flights = cache.flights();
    while (true) {
      Flight present = flights.get(inquiry.key());
      if (present != null && present.suits(inquiry, floor, cache.writes())) {
        Follower follower = new Follower(this, lane, inquiry, errand);
        if (follower.tryFollow(present)) {
          return follower;
        }
        flights.remove(inquiry.key(), present);
      } else {
        Flight mine = new Flight(errand.call().loop(), floor, cache.before());
        Leader leader = new Leader(cache, inquiry, mine, errand);
        if (tryTakeOff(inquiry.key(), present, mine)) {
          return lead(leader, mine, inquiry, errand);
        }
      }
    }
  }

  private boolean tryTakeOff(CallKey key, @Nullable Flight present, Flight mine) {
    return present == null
        ? cache.flights().putIfAbsent(key, mine) == null
        : cache.flights().replace(key, present, mine);
  }

  /** Whoever led before may have kept its answer after this call had looked for one. */
  private ActiveAnswer lead(Leader leader, Flight mine, Inquiry inquiry, Errand errand) {
    SharedAnswer found = find(inquiry, mine.floorBlocks(), errand);
    if (found == null) {
      errand.call().noteCache(inquiry.mayBeKept() ? CacheUse.MISS : CacheUse.BYPASS);
      leader.start(behind);
      return leader;
    }
    cache.flights().remove(inquiry.key(), mine);
    mine.land(found);
    return giveFound(found, errand);
  }

  private @Nullable SharedAnswer find(Inquiry inquiry, long floor, Errand errand) {
    return inquiry.mayBeKept()
        ? cache.find(inquiry.key(), floor, errand.call().loop().nanoTime())
        : null;
  }

  private ActiveAnswer giveFound(SharedAnswer answer, Errand errand) {
    errand.call().noteCache(CacheUse.HIT);
    return give(answer, errand);
  }

  /** Gives a follower what the leader was answered. */
  ActiveAnswer giveShared(SharedAnswer answer, Errand errand) {
    errand.call().noteCache(CacheUse.COALESCED);
    errand.call().noteAnsweredBy(answer.origin().upstreamId());
    return give(answer, errand);
  }

  private ActiveAnswer give(SharedAnswer answer, Errand errand) {
    LoopContext loop = errand.call().loop();
    if (answer.isWhole()) {
      errand.sink().onWhole(answer.toWhole(loop, errand.message()));
      return NOTHING_LEFT;
    }
    Playback playback = Playback.tryStart(cache.store(), answer, errand);
    return playback == null ? askAlone(errand) : playback;
  }

  /** Has a call answered by itself. */
  ActiveAnswer askAlone(Errand errand) {
    errand.call().noteCache(CacheUse.BYPASS);
    CallMessage message = errand.message();
    Runnable effect = effectOf(message);
    if (effect == null) {
      return behind.start(errand.call(), message, errand.sink());
    }
    WriteWatch watch = new WriteWatch(effect, errand.sink());
    return watch.watching(behind.start(errand.call(), message, watch));
  }

  private @Nullable Runnable effectOf(CallMessage message) {
    MethodSpec spec = message.spec();
    if (message.methodClass() == MethodClass.WRITE) {
      return cache::onWrite;
    }
    if (spec.isRepeatable() || spec.filter() != MethodSpec.Filter.NONE) {
      return null;
    }
    return spec.access() == MethodSpec.Access.NODE_PRIVATE ? cache::clear : cache::onWrite;
  }
}
