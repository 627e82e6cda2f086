package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.fairlead.gateway.upstream.h2.RequestTemplate;
import io.fairlead.gateway.upstream.h2.SharedConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool's connections of HTTP/2, each of which carries many exchanges, and the exchanges that wait
 * for room on one.
 *
 * <p>There is one connection, and a second when the first has no stream free, is silent or goes
 * away. Beyond the streams that the server allows on both, up to {@value #MAX_WAITING} exchanges
 * wait: a server that says how many it takes at once is not to be taken at more by further
 * connections. What waits for the first connection of all waits for that one handshake; if the
 * server then chooses HTTP/1.1 each gets a connection of its own.
 *
 * <p>Thread-safety: loop-confined.
 */
final class SharedConnections implements SharedConnection.Owner {
  static final int MAX_CONNECTIONS = 2;
  static final int MAX_WAITING = 1024;

  private final UpstreamPool pool;
  private final RequestTemplate template;
  private final List<SharedConnection> open = new ArrayList<>(MAX_CONNECTIONS);
  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
  private boolean connecting;

  SharedConnections(UpstreamPool pool) {
    this.pool = pool;
    this.template = RequestHead.template(pool.address());
  }

  SharedConnection newConnection() {
    return SharedConnection.of(template, this);
  }

  /** Exchanges that wait for room. */
  int waiting() {
    return waiting.size();
  }

  /** Connections without streams. */
  int idle() {
    return (int) open.stream().filter(each -> each.isUsable() && each.isEmpty()).count();
  }

  /** Starts it, or lets it wait for room, or fails it. */
  void dispatch(Exchange exchange) {
    SharedConnection connection = waiting.isEmpty() ? choose() : null;
    if (connection != null) {
      pool.start(connection, exchange);
    } else if (isFull()) {
      pool.fail(exchange, Kind.AT_CAPACITY, "too many calls wait for a stream");
    } else {
      waiting.add(exchange);
      openIfNeeded();
    }
  }

  private boolean isFull() {
    if (waiting.size() >= MAX_WAITING) {
      waiting.removeIf(Exchange::hasEnded);
    }
    return waiting.size() >= MAX_WAITING;
  }

  /** The first that has room; one that is silent only if there can be no other. */
  private @Nullable SharedConnection choose() {
    SharedConnection silent = null;
    for (int i = 0; i < open.size(); i++) {
      SharedConnection connection = open.get(i);
      if (connection.room() > 0) {
        if (!connection.isSuspect()) {
          return connection;
        }
        silent = connection;
      }
    }
    return usable() < MAX_CONNECTIONS ? null : silent;
  }

  private int usable() {
    int usable = 0;
    for (int i = 0; i < open.size(); i++) {
      usable += open.get(i).isUsable() ? 1 : 0;
    }
    return usable;
  }

  /** Opens a connection, unless one is on its way or has yet to say how much room it has. */
  private void openIfNeeded() {
    boolean isUnsettled = open.stream().anyMatch(each -> each.isUsable() && !each.isSettled());
    if (!connecting && !isUnsettled && usable() < MAX_CONNECTIONS) {
      open();
    }
  }

  /** Begins to connect. */
  void open() {
    connecting = true;
    pool.connect(null);
  }

  /** What was waited for is open. */
  void onOpen(SharedConnection connection, boolean wasAwaited) {
    connecting &= !wasAwaited;
    if (!connection.isClosed()) {
      open.add(connection);
    }
    startWaiting();
    rest(connection);
  }

  /** The server speaks HTTP/1.1; gives back all that waited. */
  List<Exchange> onHttp1(boolean wasAwaited) {
    connecting &= !wasAwaited;
    List<Exchange> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }

  /** What was waited for is not to be had; those who wait go on only where there is another. */
  void onFailed(ExchangeFailure failure) {
    connecting = false;
    if (usable() == 0) {
      List<Exchange> all = List.copyOf(waiting);
      waiting.clear();
      all.forEach(exchange -> exchange.fail(failure));
    }
  }

  private void startWaiting() {
    while (!waiting.isEmpty()) {
      SharedConnection connection = choose();
      if (connection == null) {
        openIfNeeded();
        return;
      }
      Exchange next = waiting.remove();
      if (!next.hasEnded()) {
        pool.start(connection, next);
      }
    }
  }

  /** Keeps a connection without streams for a while, or ends it. */
  private void rest(SharedConnection connection) {
    if (!connection.isEmpty()) {
      return;
    }
    if (pool.isClosed() || !connection.isUsable()) {
      connection.close();
    } else {
      connection.setIdleDeadline(pool.newIdleDeadline());
    }
  }

  @Override
  public void onSettled(SharedConnection connection) {
    startWaiting();
  }

  @Override
  public void onStreamEnd(SharedConnection connection) {
    pool.onExchangeEnd();
    if (connection.isUsable()) {
      pool.sampleRtt(connection.channel());
    }
    startWaiting();
    rest(connection);
  }

  /** The next is opened at once if this one was in use: calls are to be expected. */
  @Override
  public void onGoingAway(SharedConnection connection) {
    if (connection.isEmpty()) {
      connection.close();
    } else if (!pool.isClosed() && usable() == 0) {
      openIfNeeded();
    }
  }

  @Override
  public void onClosed(SharedConnection connection) {
    open.remove(connection);
    pool.onSharedClosed();
    startWaiting();
  }

  /** Looks for the dead; closes what was idle for too long and says whether there was any. */
  boolean sweep(long nowNanos) {
    boolean expired = false;
    for (SharedConnection connection : List.copyOf(open)) {
      connection.sweep(nowNanos);
      if (connection.isUsable()
          && connection.isEmpty()
          && connection.idleDeadlineNanos() - nowNanos <= 0) {
        connection.close();
        expired = true;
      }
    }
    return expired;
  }

  /** The pool is dropped: those without streams end now, others with their last stream. */
  void close() {
    for (SharedConnection connection : List.copyOf(open)) {
      rest(connection);
    }
  }
}
