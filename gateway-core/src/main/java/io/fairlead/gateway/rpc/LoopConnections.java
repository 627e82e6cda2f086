package io.fairlead.gateway.rpc;

import io.fairlead.gateway.admission.Guarded;
import io.fairlead.gateway.admission.LoopAdmission;
import io.fairlead.gateway.admission.MemoryStage;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.call.ServingPlan.ClientPace;
import io.fairlead.gateway.request.RequestDispatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients' connections on one event loop; ends those that have been quiet for too long.
 *
 * <p>Thread-safety: confined to the event loop, apart from {@link #drain}.
 */
final class LoopConnections implements Guarded {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long DRAIN_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final LoopContext loop;
  private final Supplier<ServingPlan> plans;
  private final LoopAdmission admission;
  private final RequestDispatcher dispatcher;
  private @Nullable ClientConnection head;
  private boolean sweeping;

  LoopConnections(LoopContext loop, Supplier<ServingPlan> plans, LoopAdmission admission) {
    this.loop = loop;
    this.plans = plans;
    this.admission = admission;
    admission.guard(this);
    this.dispatcher = new RequestDispatcher(loop, admission);
  }

  RequestDispatcher dispatcher() {
    return dispatcher;
  }

  LoopAdmission admission() {
    return admission;
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
    admission.onConnection();
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
    forEach(connection -> connection.onDrain(now, QUIET_NANOS));
    if (head != null) {
      loop.schedule(this::drainQuiet, DRAIN_PERIOD_NANOS);
    }
  }

  private void sweep() {
    long now = loop.nanoTime();
    ClientPace pace = plans.get().limits().http().pace();
    forEach(connection -> connection.onSweep(now, pace));
    if (head == null) {
      sweeping = false;
    } else {
      loop.schedule(this::sweep, PERIOD_NANOS);
    }
  }

  private void forEach(Consumer<ClientConnection> action) {
    for (ClientConnection c = head; c != null; ) {
      ClientConnection next = c.next;
      action.accept(c);
      c = next;
    }
  }

  @Override
  public boolean isEmpty() {
    return head == null;
  }

  @Override
  public void onMemory(MemoryStage stage) {
    forEach(connection -> connection.onMemory(stage));
  }

  @Override
  public long release(long bytes) {
    List<ClientConnection> holders = new ArrayList<>();
    forEach(
        connection -> {
          if (connection.heldBytes() > 0) {
            holders.add(connection);
          }
        });
    holders.sort(Comparator.comparingLong(ClientConnection::heldBytes).reversed());
    long released = 0;
    for (ClientConnection holder : holders) {
      if (released < bytes) {
        released += holder.heldBytes();
        holder.giveUp();
      }
    }
    return released;
  }
}
