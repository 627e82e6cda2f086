package io.fairlead.gateway.freshness;

import io.fairlead.gateway.client.Clients;
import io.fairlead.probes.AgreedHeads;
import io.fairlead.probes.Head;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.time.NanoClock;
import java.util.List;

/**
 * Writes on the board what the prober learns.
 *
 * <p>Thread-safety: none; the control thread.
 */
public final class HeadDesk {
  private final HeadBoard board;
  private final Clients clients;
  private final NanoClock clock;
  private long askedNanos;

  /**
   * A desk.
   *
   * @param board where it writes
   * @param clients who were told of heads
   * @param clock the control thread's time
   */
  public HeadDesk(HeadBoard board, Clients clients, NanoClock clock) {
    this.board = board;
    this.clients = clients;
    this.clock = clock;
    this.askedNanos = clock.nanoTime();
  }

  /** The board. */
  public HeadBoard board() {
    return board;
  }

  /**
   * A probe ended; what it taught is told next.
   *
   * @param elapsedNanos since it was sent
   */
  public void onProbe(long elapsedNanos) {
    askedNanos = clock.nanoTime() - elapsedNanos;
  }

  /**
   * An upstream's head was seen.
   *
   * @param upstream whose
   * @param head with a hash if a probe has seen it, else by its height alone
   * @param all the chain's upstreams
   * @return whether the chain has started over; what clients were told is forgotten then
   */
  public boolean onHead(Upstream upstream, Head head, List<Upstream> all) {
    long now = clock.nanoTime();
    if (!head.hasHash()) {
      return false;
    }
    board.onProbed(upstream, head.number(), askedNanos, now);
    boolean hasStartedOver = board.hasStartedOver(all, now);
    if (hasStartedOver) {
      clients.startOver();
    }
    return hasStartedOver;
  }

  /** What is agreed changed. */
  public void onAgreed(AgreedHeads heads) {
    board.publish(heads, clock.nanoTime());
  }
}
