package io.fairlead.gateway.stream;

import io.fairlead.gateway.feed.FeedJson;
import io.fairlead.gateway.feed.Header;
import io.fairlead.gateway.feed.Parsed;
import io.fairlead.gateway.upstream.socket.BackOff;
import io.fairlead.routing.time.Scheduler;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The heads of an upstream that is asked for its newest block, in the rhythm of the chain.
 *
 * <p>Questions that fail are repeated with ever longer delays; the third in a row means that the
 * source is down. A block that nobody knows is told with each answer that shows it, and its hash is
 * what tells blocks apart.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class PolledHeads implements HeadSource {
  private static final int MOST_FAILURES = 3;
  private static final double JITTER = 0.1;
  private static final long FIRST_BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONGEST_BACK_OFF_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final UpstreamRpc rpc;
  private final Pace pace;
  private final Listener listener;
  private final BackOff backOff;
  private @Nullable Cancellable timer;
  private boolean isOpen;
  private boolean isLive;
  private int failures;
  private String lastHash = "";
  private long lastNewNanos;

  /**
   * Time as polls need it.
   *
   * @param scheduler the home loop's
   * @param random spreads polls
   * @param blockTimeNanos between blocks, as measured
   */
  record Pace(Scheduler scheduler, RandomGenerator random, LongSupplier blockTimeNanos) {}

  PolledHeads(UpstreamRpc rpc, Pace pace, Listener listener) {
    this.rpc = rpc;
    this.pace = pace;
    this.listener = listener;
    this.backOff = new BackOff(FIRST_BACK_OFF_NANOS, LONGEST_BACK_OFF_NANOS, pace.random());
  }

  @Override
  public void open() {
    isOpen = true;
    lastNewNanos = pace.scheduler().nanoTime();
    poll();
  }

  @Override
  public void close() {
    isOpen = false;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void poll() {
    timer = null;
    rpc.ask(
        PushedHeads.LATEST,
        new RpcReply() {
          @Override
          public void onResult(String json) {
            onAnswer(json);
          }

          @Override
          public void onFailure(RpcFailure failure) {
            onFailed(failure.text());
          }
        });
  }

  private void onAnswer(String json) {
    if (!isOpen) {
      return;
    }
    Parsed<Header> read = FeedJson.block(json.getBytes(StandardCharsets.UTF_8));
    if (read instanceof Parsed.Good<Header> good) {
      onHead(good.value());
    } else {
      onFailed("its newest block cannot be read");
    }
  }

  private void onHead(Header head) {
    failures = 0;
    backOff.reset();
    long now = pace.scheduler().nanoTime();
    if (!head.hash().equals(lastHash)) {
      lastHash = head.hash();
      lastNewNanos = now;
    }
    schedule(jitter(PollRhythm.delayNanos(now - lastNewNanos, pace.blockTimeNanos().getAsLong())));
    if (!isLive) {
      isLive = true;
      listener.onLive();
    }
    listener.onHead(head);
  }

  private void onFailed(String reason) {
    if (!isOpen) {
      return;
    }
    failures++;
    schedule(backOff.nextNanos());
    if (failures == MOST_FAILURES) {
      isLive = false;
      listener.onDown(reason);
    }
  }

  private void schedule(long delayNanos) {
    timer = pace.scheduler().schedule(this::poll, delayNanos);
  }

  private long jitter(long nanos) {
    return (long) (nanos * (1 - JITTER + 2 * JITTER * pace.random().nextDouble()));
  }
}
