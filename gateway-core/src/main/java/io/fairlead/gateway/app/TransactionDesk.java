package io.fairlead.gateway.app;

import io.fairlead.gateway.call.CacheUse;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallObserver;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.RetryReason;
import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.gateway.control.ControlLoop;
import io.fairlead.gateway.freshness.HeadBoard;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.net.WallClock;
import io.fairlead.gateway.transaction.CallVoice;
import io.fairlead.gateway.transaction.Outbox;
import io.fairlead.gateway.transaction.Rebroadcaster;
import io.fairlead.gateway.transaction.TransactionHandler;
import io.fairlead.gateway.transaction.TransactionObserver;
import io.fairlead.gateway.transaction.TransactionRules;
import io.fairlead.routing.MethodClass;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where transactions are sent from: the outbox, what sends its content again, and the handlers of
 * the chains.
 *
 * <p>Thread-safety: {@link #open} before the configuration is put into force; handlers and lines on
 * the control thread. The outbox keeps the size and the rules of the configuration that opened it;
 * a reload that turns it off lets it empty itself.
 */
final class TransactionDesk implements AutoCloseable {
  private final ControlLoop control;
  private final GatewayMetrics metrics;
  private final WallClock time = new WallClock();
  private final Map<String, CallVoice.Line> lines = new ConcurrentHashMap<>();
  private volatile @Nullable Outbox outbox;
  private volatile @Nullable Rebroadcaster rebroadcaster;
  private volatile @Nullable CallVoice voice;

  TransactionDesk(ControlLoop control, GatewayMetrics metrics) {
    this.control = control;
    this.metrics = metrics;
  }

  /**
   * Opens the outbox if the configuration wants one and it is not open yet; not for threads that
   * must not wait for the disk.
   *
   * @throws IOException if it cannot be had; the message says why
   */
  void open(FairleadConfig config, DataPlane data, RandomGenerator random) throws IOException {
    Optional<FairleadConfig.Outbox> wanted = config.services().transactions().outbox();
    if (wanted.isEmpty() || outbox != null) {
      return;
    }
    Outbox opened =
        Outbox.open(config.services().stateDir(), wanted.get().maxBytes(), outboxThread());
    outbox = opened;
    metrics.exportOutbox(opened::size, opened::usedBytes);
    CallVoice spoken = new CallVoice(data.contexts(), lines::get, control);
    voice = spoken;
    Rebroadcaster made =
        new Rebroadcaster(
            opened,
            spoken,
            new Rebroadcaster.Settings(wanted.get().expiry(), wanted.get().confirmations()),
            new Rebroadcaster.Means(control, control, time, random, metrics::transactions));
    rebroadcaster = made;
    control.execute(made::start);
  }

  private static ThreadFactory outboxThread() {
    ThreadFactory threads = Executors.defaultThreadFactory();
    return task -> {
      Thread thread = threads.newThread(task);
      thread.setName("fairlead-outbox");
      thread.setDaemon(true);
      return thread;
    };
  }

  /** What sends the transactions of clients of a chain; everything else goes to the next. */
  CallHandler handler(ChainConfig chain, FairleadConfig config, CallHandler next) {
    FairleadConfig.Transactions transactions = config.services().transactions();
    Outbox used = transactions.outbox().isPresent() ? outbox : null;
    return handler(next, rules(chain, transactions), used, metrics.transactions(chain.name()));
  }

  private CallHandler handler(
      CallHandler next,
      TransactionRules rules,
      @Nullable Outbox used,
      TransactionObserver observer) {
    return new TransactionHandler(next, new TransactionHandler.Means(rules, used, time, observer));
  }

  private static TransactionRules rules(
      ChainConfig chain, FairleadConfig.Transactions transactions) {
    return new TransactionRules(
        transactions.broadcast(),
        transactions.isPrivate(),
        chain.upstreams().stream()
            .filter(UpstreamConfig::isPrivate)
            .map(UpstreamConfig::id)
            .collect(Collectors.toSet()));
  }

  /**
   * Takes down how the outbox reaches a chain: like a client, but uncounted and not kept twice.
   *
   * @param board where everybody stands
   */
  void connect(ChainConfig chain, FairleadConfig config, ChainRuntime runtime, HeadBoard board) {
    TransactionRules rules = rules(chain, config.services().transactions());
    CallHandler open =
        handler(CallHandler.UPSTREAMS, rules.withPrivate(false), null, TransactionObserver.NONE);
    CallHandler hidden =
        handler(CallHandler.UPSTREAMS, rules.withPrivate(true), null, TransactionObserver.NONE);
    lines.put(
        chain.name(),
        new CallVoice.Line(
            runtime.with(open, new Uncounted()),
            runtime.with(hidden, new Uncounted()),
            () -> board.heads().finalized(),
            number -> board.heads().hashOf(number),
            chain.identity().blockTime().toNanos()));
  }

  /** Forgets the chains that are no longer served. */
  void retain(Set<String> chains) {
    lines.keySet().retainAll(chains);
  }

  /** Sends nothing again any more. Control thread only. */
  void stop() {
    Rebroadcaster stopped = rebroadcaster;
    CallVoice silent = voice;
    if (stopped != null && silent != null) {
      stopped.stop();
      silent.stop();
    }
  }

  @Override
  public void close() {
    Outbox closed = outbox;
    if (closed != null) {
      closed.close();
    }
  }

  /** Counts nothing: the calls that it hears of are no client's. */
  private static final class Uncounted implements CallObserver {
    @Override
    public void onCall(MethodClass methodClass, CallOutcome outcome, long elapsedNanos) {}

    @Override
    public void onCacheUse(CacheUse use) {}

    @Override
    public void onRetry(RetryReason reason) {}

    @Override
    public void onHedge() {}

    @Override
    public void onHedgeWon() {}

    @Override
    public void onRescue() {}
  }
}
