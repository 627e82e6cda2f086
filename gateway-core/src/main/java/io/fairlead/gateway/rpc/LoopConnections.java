package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.call.ServingPlan.ClientPace;
import io.fairlead.gateway.request.RequestDispatcher;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients' connections on one event loop; ends those that have been quiet for too long.
 *
 * <p>Thread-safety: confined to the event loop, apart from {@link #drain}.
 */
final class LoopConnections {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long DRAIN_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final LoopContext loop;
  private final Supplier<ServingPlan> plans;
  private final RequestDispatcher dispatcher;
  private @Nullable ClientConnection head;
  private boolean sweeping;

  LoopConnections(LoopContext loop, Supplier<ServingPlan> plans) {
    this.loop = loop;
    this.plans = plans;
    this.dispatcher = new RequestDispatcher(loop);
  }

  RequestDispatcher dispatcher() {
    return dispatcher;
  }

  LoopContext loop() {
    return loop;
  }

  void add(ClientConnection connection) {
    ClientConnection first = head;
    connection.next = first;
    if (first != null) {
      first.previous = connection;
    }
    head = connection;
    if (!sweeping) {
      sweeping = true;
      loop.schedule(this::sweep, PERIOD_NANOS);
    }
  }

  void remove(ClientConnection connection) {
    ClientConnection before = connection.previous;
    ClientConnection after = connection.next;
    if (before != null) {
      before.next = after;
    } else if (head == connection) {
      head = after;
    }
    if (after != null) {
      after.previous = before;
    }
    connection.previous = null;
    connection.next = null;
  }

  /**
   * Ends connections with their next answer, and those that ask for none within a moment. A client
   * whose request is on its way while we close would see it fail.
   */
  void drain() {
    loop.execute(this::drainQuiet);
  }

  private void drainQuiet() {
    long now = loop.nanoTime();
    for (ClientConnection c = head; c != null; ) {
      ClientConnection next = c.next;
      c.onDrain(now, QUIET_NANOS);
      c = next;
    }
    if (head != null) {
      loop.schedule(this::drainQuiet, DRAIN_PERIOD_NANOS);
    }
  }

  private void sweep() {
    long now = loop.nanoTime();
    ClientPace pace = plans.get().limits().http().pace();
    for (ClientConnection c = head; c != null; ) {
      ClientConnection next = c.next;
      c.onSweep(now, pace);
      c = next;
    }
    if (head == null) {
      sweeping = false;
    } else {
      loop.schedule(this::sweep, PERIOD_NANOS);
    }
  }
}
