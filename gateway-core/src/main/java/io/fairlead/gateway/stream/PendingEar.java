package io.fairlead.gateway.stream;

import io.fairlead.gateway.upstream.socket.BackOff;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.time.NanoClock;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One way in which the pending transactions of one upstream may be learnt, and how it fares.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class PendingEar implements PendingSource.Listener {
  private static final long FIRST_HOLD_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LONGEST_HOLD_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Upstream upstream;
  private final boolean isPush;
  private final UpstreamRpc rpc;
  private final NanoClock clock;
  private final Hub hub;
  private final BackOff holds;
  private @Nullable PendingSource source;
  private boolean isLive;
  private long changedAtNanos;
  private long heldUntilNanos;

  /** Whom ears report to. */
  interface Hub {
    /** A transaction was announced. */
    void onPending(PendingEar ear, String json);
  }

  /**
   * What ears share.
   *
   * @param clock the home loop's
   * @param random spreads what would happen together
   * @param hub whom they report to
   */
  record World(NanoClock clock, RandomGenerator random, Hub hub) {}

  PendingEar(Upstream upstream, boolean isPush, UpstreamRpc rpc, World world) {
    this.upstream = upstream;
    this.isPush = isPush;
    this.rpc = rpc;
    this.clock = world.clock();
    this.hub = world.hub();
    this.holds = new BackOff(FIRST_HOLD_NANOS, LONGEST_HOLD_NANOS, world.random());
    this.heldUntilNanos = clock.nanoTime();
  }

  Upstream upstream() {
    return upstream;
  }

  boolean isPush() {
    return isPush;
  }

  UpstreamRpc rpc() {
    return rpc;
  }

  boolean isOpen() {
    return source != null;
  }

  boolean isHeld() {
    return heldUntilNanos - clock.nanoTime() > 0;
  }

  void open(PendingSource opened) {
    source = opened;
    isLive = false;
    changedAtNanos = clock.nanoTime();
    opened.open();
  }

  void close() {
    PendingSource closed = source;
    if (closed != null) {
      source = null;
      closed.close();
    }
  }

  /** Gives it up for a while if nothing can come from it for too long. */
  void judge() {
    if (isOpen() && !isLive && clock.nanoTime() - changedAtNanos >= PATIENCE_NANOS) {
      hold();
    }
  }

  private void hold() {
    heldUntilNanos = clock.nanoTime() + holds.nextNanos();
  }

  @Override
  public void onPending(String json) {
    if (isOpen()) {
      holds.reset();
      hub.onPending(this, json);
    }
  }

  @Override
  public void onState(boolean live) {
    if (live != isLive) {
      isLive = live;
      changedAtNanos = clock.nanoTime();
    }
  }

  @Override
  public void onRefused() {
    isLive = false;
    hold();
  }
}
