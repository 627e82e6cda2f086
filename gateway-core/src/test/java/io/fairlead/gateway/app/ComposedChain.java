package io.fairlead.gateway.app;

import io.fairlead.gateway.cache.AnswerStore;
import io.fairlead.gateway.cache.CacheHandler;
import io.fairlead.gateway.cache.CacheObserver;
import io.fairlead.gateway.cache.ChainCache;
import io.fairlead.gateway.cache.ChainView;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallObserver;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.freshness.FreshnessHandler;
import io.fairlead.gateway.freshness.HeadBoard;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.transaction.CallVoice;
import io.fairlead.gateway.transaction.Rebroadcaster;
import io.fairlead.gateway.transaction.SteppedOutbox;
import io.fairlead.gateway.transaction.TransactionHandler;
import io.fairlead.gateway.transaction.TransactionObserver;
import io.fairlead.gateway.transaction.TransactionRules;
import io.fairlead.gateway.verify.CrossCheck;
import io.fairlead.probes.AgreedHeads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One chain's handlers in the order in which the gateway composes them, with cache and outbox, for
 * one event loop that is the control thread too.
 */
public final class ComposedChain {
  private static final TransactionRules RULES = new TransactionRules(3, false, Set.of());
  private static final int CONFIRMATIONS = 12;

  private final IoLoop loop;
  private final SteppedOutbox outbox;
  private final ChainCache cache;
  private final CallHandler handler;
  private final HeadBoard board;
  private ChainView view = ChainView.NOTHING;

  /**
   * A chain.
   *
   * @param loop the event loop
   * @param board where everybody stands
   * @param outbox keeps transactions
   * @param check what untrusted upstreams are held to
   */
  public ComposedChain(
      IoLoop loop, HeadBoard board, SteppedOutbox outbox, Optional<CrossCheck> check) {
    this.loop = loop;
    this.board = board;
    this.outbox = outbox;
    this.cache = new ChainCache(new AnswerStore(8 << 20), () -> view, CacheObserver.NONE);
    CallHandler asked = new ChainHandlers(1, loop).byDispatch(check);
    CallHandler sent =
        new TransactionHandler(
            asked,
            new TransactionHandler.Means(
                RULES, outbox.outbox(), outbox.time(), TransactionObserver.NONE));
    CallHandler kept = new CacheHandler(cache, new ClientMemory(), sent, 1);
    this.handler =
        new FreshnessHandler(kept, board, FreshnessHandler.Limits.of(board.blockTimeNanos()));
  }

  /** Answers clients' calls; the outermost. */
  public CallHandler handler() {
    return handler;
  }

  /** What is agreed changed. */
  public void onAgreed(AgreedHeads heads) {
    ChainView before = view;
    AgreedView now = new AgreedView(heads);
    view = now;
    now.tell(cache, before);
  }

  /** The chain replaced blocks. */
  public void onReorganised() {
    cache.onReorganised();
  }

  /** Begins to send again what the outbox keeps. */
  public void startRebroadcasting(
      ChainRuntime runtime, LoopContext context, RandomGenerator random, CallObserver uncounted) {
    ChainRuntime own =
        runtime.with(
            new TransactionHandler(
                CallHandler.UPSTREAMS,
                new TransactionHandler.Means(RULES, null, outbox.time(), TransactionObserver.NONE)),
            uncounted);
    CallVoice.Line line =
        new CallVoice.Line(
            own,
            own,
            () -> board.heads().finalized(),
            number -> board.heads().hashOf(number),
            board.blockTimeNanos());
    CallVoice voice =
        new CallVoice(
            List.of(context), name -> name.equals(runtime.name()) ? line : null, loop.eventLoop());
    InstantSource time = () -> Instant.ofEpochSecond(0, loop.nanoTime());
    new Rebroadcaster(
            outbox.outbox(),
            voice,
            new Rebroadcaster.Settings(Duration.ofDays(1), CONFIRMATIONS),
            new Rebroadcaster.Means(
                loop, loop.eventLoop(), time, random, name -> outbox.observer()))
        .start();
  }
}
