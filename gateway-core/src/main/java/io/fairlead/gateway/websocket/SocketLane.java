package io.fairlead.gateway.websocket;

import io.fairlead.gateway.admission.Guarded;
import io.fairlead.gateway.admission.LoopAdmission;
import io.fairlead.gateway.admission.MemoryStage;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.request.RequestDispatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the WebSocket connections of one event loop share: one look at all of them now and then in
 * place of a timer each, and one flush for all that was written to a connection in a turn of the
 * loop.
 *
 * <p>Thread-safety: confined to the event loop, apart from {@link #drain}.
 */
final class SocketLane implements Guarded {
  private final LoopContext loop;
  private final RequestDispatcher dispatcher;
  private final WebSockets.Backing backing;
  private @Nullable SocketConnection head;
  private @Nullable SocketConnection unflushed;
  private final Deflation deflation = new Deflation();
  private int turn = 1;
  private boolean isTurnNoted;
  private boolean sweeping;
  private boolean draining;

  SocketLane(LoopContext loop, RequestDispatcher dispatcher, WebSockets.Backing backing) {
    this.loop = loop;
    this.dispatcher = dispatcher;
    this.backing = backing;
    admission().guard(this);
  }

  LoopContext loop() {
    return loop;
  }

  LoopAdmission admission() {
    return dispatcher.admission();
  }

  RequestDispatcher dispatcher() {
    return dispatcher;
  }

  ServingPlan plan() {
    return backing.plans().get();
  }

  WebSocketObserver observer() {
    return backing.observer();
  }

  SocketTiming timing() {
    return backing.timing();
  }

  MessageSides sides() {
    return backing.sides();
  }

  Deflation deflation() {
    return deflation;
  }

  boolean isDraining() {
    return draining;
  }

  void add(SocketConnection connection) {
    SocketConnection first = head;
    connection.next = first;
    if (first != null) {
      first.previous = connection;
    }
    head = connection;
    backing.observer().onOpened();
    admission().onConnection();
    if (!sweeping) {
      sweeping = true;
      loop.schedule(this::sweep, timing().sweepNanos());
    }
  }

  void remove(SocketConnection connection) {
    SocketConnection before = connection.previous;
    SocketConnection after = connection.next;
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

  /** The number of the loop's turn: the same for all that was handed to the loop by now. */
  int turn() {
    if (!isTurnNoted) {
      isTurnNoted = true;
      loop.execute(this::endTurn);
    }
    return turn;
  }

  private void endTurn() {
    isTurnNoted = false;
    turn++;
  }

  /** Flushes what was written to a connection, once for all that is written until then. */
  void flushLater(SocketConnection connection) {
    if (unflushed == null) {
      loop.execute(this::flush);
    }
    connection.nextUnflushed = unflushed;
    unflushed = connection;
  }

  private void flush() {
    SocketConnection connection = unflushed;
    unflushed = null;
    while (connection != null) {
      SocketConnection following = connection.nextUnflushed;
      connection.nextUnflushed = null;
      connection.flush();
      connection = following;
    }
  }

  /** Ends all connections as soon as what their clients asked before is answered. */
  void drain() {
    loop.execute(
        () -> {
          draining = true;
          forEach(SocketConnection::onDrain);
        });
  }

  private void sweep() {
    forEach(connection -> connection.onSweep(loop.nanoTime()));
    sweeping = head != null;
    if (sweeping) {
      loop.schedule(this::sweep, timing().sweepNanos());
    }
  }

  @Override
  public boolean isEmpty() {
    return head == null;
  }

  @Override
  public void onMemory(MemoryStage stage) {
    forEach(SocketConnection::updateReading);
  }

  @Override
  public long release(long bytes) {
    List<SocketConnection> holders = new ArrayList<>();
    forEach(
        connection -> {
          if (connection.heldBytes() > 0) {
            holders.add(connection);
          }
        });
    holders.sort(Comparator.comparingLong(SocketConnection::heldBytes).reversed());
    long released = 0;
    for (SocketConnection holder : holders) {
      if (released < bytes) {
        released += holder.heldBytes();
        holder.giveUp();
      }
    }
    return released;
  }

  private void forEach(Consumer<SocketConnection> action) {
    for (SocketConnection c = head; c != null; ) {
      SocketConnection following = c.next;
      action.accept(c);
      c = following;
    }
  }
}
