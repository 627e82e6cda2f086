package io.fairlead.gateway.upstream.socket;

import io.fairlead.routing.time.Scheduler;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether the other side of an open connection lives: pings it every 15 to 20 seconds and
 * takes it for dead when nothing at all has come 10 seconds after a ping. So a peer that vanished
 * is noticed within half a minute, even where TCP would try for a quarter of an hour, and boxes on
 * the way that forget idle connections see traffic.
 *
 * <p>Thread-safety: none.
 */
public final class Vigil {
  /** The least time between two pings. */
  public static final long LEAST_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** By how much that may be longer. */
  public static final long SPREAD_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How long a sign of life is waited for. */
  public static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Runnable ping;
  private final Runnable onDead;
  private boolean isSilent;
  private @Nullable Cancellable timer;

  /**
   * A watch that has not begun.
   *
   * @param scheduler time
   * @param random spreads the pings
   * @param ping sends one
   * @param onDead is told, once, that the other side does not answer
   */
  public Vigil(Scheduler scheduler, RandomGenerator random, Runnable ping, Runnable onDead) {
    this.scheduler = scheduler;
    this.random = random;
    this.ping = ping;
    this.onDead = onDead;
  }

  /** Begins to watch, or begins anew. */
  public void begin() {
    end();
    long periodNanos = LEAST_PERIOD_NANOS + (long) (random.nextDouble() * SPREAD_NANOS);
    timer = scheduler.schedule(this::sendPing, periodNanos);
  }

  /** Something came. */
  public void onSign() {
    isSilent = false;
  }

  /** Watches no more. */
  public void end() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** Asks for a sign of life now, ahead of time. */
  public void ask() {
    end();
    sendPing();
  }

  private void sendPing() {
    isSilent = true;
    timer = scheduler.schedule(this::judge, PATIENCE_NANOS);
    ping.run();
  }

  private void judge() {
    if (isSilent) {
      onDead.run();
    } else {
      begin();
    }
  }
}
