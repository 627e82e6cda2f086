package io.fairlead.gateway.admin;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what a watcher has not yet seen, whenever there is something new and the watcher can take
 * it.
 *
 * <p>{@link #wake} is cheap and may be called by anybody, the control loop included; the work is
 * done on the executor, by one thread at a time. However often it is woken while the watcher is
 * slow, the feed is asked once the watcher can take more, so nothing piles up.
 *
 * <p>Thread-safety: safe.
 *
 * @param <R> what is sent
 */
final class Pump<R> {
  private static final Logger log = LoggerFactory.getLogger(Pump.class);

  private final ServerCallStreamObserver<R> out;
  private final Executor executor;
  private final AtomicInteger wakes = new AtomicInteger();
  private volatile @Nullable Feed<R> feed;
  private volatile boolean ending;
  private volatile Runnable release = () -> {};
  private boolean ended; // of the working thread

  /**
   * A pump without a feed.
   *
   * @param out the watcher
   * @param executor where the work is done
   */
  Pump(ServerCallStreamObserver<R> out, Executor executor) {
    this.out = out;
    this.executor = executor;
    out.setOnReadyHandler(this::wake);
    out.setOnCancelHandler(() -> release.run());
    out.setOnCloseHandler(() -> release.run());
  }

  /**
   * Sends from a feed from now on.
   *
   * @param newFeed what to send
   * @param whenOver run when the stream has ended, whoever ended it; perhaps twice
   */
  void start(Feed<R> newFeed, Runnable whenOver) {
    release = whenOver;
    feed = newFeed;
    wake();
  }

  /** There may be something to send. */
  void wake() {
    if (wakes.getAndIncrement() == 0) {
      try {
        executor.execute(this::work);
      } catch (RejectedExecutionException e) {
        log.debug("a watcher was not served: the admin port has closed", e);
      }
    }
  }

  /** Sends what is left, if the watcher can take it, and ends the stream with OK. */
  void end() {
    ending = true;
    wake();
  }

  private void work() {
    int seen;
    do {
      seen = wakes.get();
      try {
        send();
      } catch (RuntimeException e) {
        fail(e);
      }
    } while (wakes.addAndGet(-seen) != 0);
  }

  private void send() {
    boolean isLast = ending;
    Feed<R> from = feed;
    while (!ended && from != null && out.isReady()) {
      R next = from.unseen();
      if (next == null) {
        break;
      }
      out.onNext(next);
    }
    if (isLast && !ended) {
      ended = true;
      out.onCompleted();
    }
  }

  private void fail(RuntimeException cause) {
    if (!ended) {
      ended = true;
      out.onError(Statuses.of(cause));
    }
  }

  /**
   * What a watcher has not yet seen.
   *
   * @param <R> what is sent
   */
  @FunctionalInterface
  interface Feed<R> {
    /** The next message, from then on seen; null if there is none at present. */
    @Nullable R unseen();
  }
}
