package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one upstream.
 *
 * <p>A connection carries one exchange at a time, or a few brief ones ({@link Trains}). The one
 * used last is used next, so that the others may age and be closed before the upstream closes them.
 * There is no queue: an exchange for which no connection is free opens one, and how many are in
 * flight is bounded by routing's permits ({@code maxConcurrency}); beyond that many connections it
 * fails at once.
 *
 * <p>When the last connection ages, a new one takes its place for a while, so that an upstream that
 * comes back (a drain, a failed domain) does not begin with handshakes.
 *
 * <p>Thread-safety: loop-confined.
 */
public final class UpstreamPool implements RequestPort {
  /** How often an aged last connection is replaced without any use in between. */
  static final int WARM_REPLACEMENTS = 10;

  /** Between two samples of the kernel's round trip; each is a system call. */
  static final long RTT_PERIOD_NANOS = 1_000_000_000L;

  private final PoolSpec spec;
  private final Connector connector;
  private final RandomGenerator random;
  private final RequestHead requestHead;
  private final @Nullable Trains trains;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private int connections;
  private int connecting;
  private int active;
  private long ended;
  private int unusedReplacements;
  private long rttDueNanos;
  private boolean posting;
  private boolean closed;

  UpstreamPool(PoolSpec spec, Connector connector, RandomGenerator random) {
    this.spec = spec;
    this.connector = connector;
    this.random = random;
    this.requestHead = new RequestHead(spec.address());
    this.trains = spec.pipelines() ? new Trains(this) : null;
    this.rttDueNanos = connector.loop().nanoTime() + RTT_PERIOD_NANOS;
  }

  @Override
  public UpstreamExchange post(ByteBuf body, boolean isBrief, ExchangeListener listener) {
    Exchange exchange = new Exchange(this, body, isBrief && isShort(body), listener);
    posting = true;
    try {
      unusedReplacements = 0;
      if (!tryShare(exchange)) {
        dispatch(exchange);
      }
    } finally {
      posting = false;
    }
    return exchange;
  }

  private static boolean isShort(ByteBuf body) {
    return body.readableBytes() <= Connection.SMALL_BODY_BYTES;
  }

  /** Lets a brief call go with others on an open connection; false if it has to go on its own. */
  private boolean tryShare(Exchange exchange) {
    if (trains == null || !exchange.isBrief() || closed) {
      return false;
    }
    if (trains.tryBoard(exchange)) {
      active++;
      return true;
    }
    Connection free = trains.isWanted() ? pollIdle() : null;
    if (free == null) {
      return false;
    }
    active++;
    trains.begin(free, exchange);
    return true;
  }

  /** Sends a call again that shared a connection and may not stay there; it was not answered. */
  void dispatchAlone(Exchange exchange) {
    exchange.leave();
    if (!exchange.hasEnded()) {
      boolean wasPosting = posting;
      posting = true;
      try {
        dispatch(exchange);
      } finally {
        posting = wasPosting;
      }
    }
  }

  private void dispatch(Exchange exchange) {
    if (closed) {
      fail(exchange, Kind.POOL_CLOSED, "dropped");
      return;
    }
    Connection connection = pollIdle();
    if (connection != null) {
      start(connection, exchange);
    } else if (connections < spec.maxConnections()) {
      connect(exchange);
    } else {
      fail(exchange, Kind.AT_CAPACITY, "all " + spec.maxConnections() + " connections are in use");
    }
  }

  private void fail(Exchange exchange, Kind kind, String reason) {
    exchange.fail(new ExchangeFailure(kind, false, spec.address() + ": " + reason));
  }

  private @Nullable Connection pollIdle() {
    Connection connection = idle.pollLast();
    while (connection != null && !connection.isOpen()) {
      connection = idle.pollLast();
    }
    return connection;
  }

  private void connect(@Nullable Exchange waiting) {
    connections++;
    connecting++;
    connector.connect(new Dial(connector, new ConnectAttempt(this, waiting)));
  }

  private void start(Connection connection, Exchange exchange) {
    active++;
    connection.start(exchange);
  }

  /** TCP is there; TLS is not yet. */
  void onRtt(long tookNanos) {
    connector.network().rtt().onRtt(slot(), RttListener.Source.CONNECT, tookNanos);
  }

  /** A new connection is open; it counts already. */
  void onConnected(Connection connection, @Nullable Exchange waiting) {
    connecting--;
    connection.onEstablished();
    if (waiting != null && !waiting.hasEnded()) {
      start(connection, waiting);
    } else {
      park(connection);
    }
  }

  void onConnectFailed(@Nullable Exchange waiting, ExchangeFailure failure) {
    connections--;
    connecting--;
    if (waiting != null) {
      waiting.fail(failure);
    }
  }

  void park(Connection connection) {
    if (closed || !connection.isOpen()) {
      connection.close();
      return;
    }
    long timeoutNanos = connector.network().policy().idleTimeout().toNanos();
    long jitterNanos = (long) (random.nextDouble() * 0.1 * timeoutNanos);
    long nowNanos = loop().nanoTime();
    connection.park(nowNanos + timeoutNanos - jitterNanos);
    idle.addLast(connection);
    if (nowNanos - rttDueNanos >= 0) {
      sampleRtt(connection, nowNanos);
    }
  }

  /** Asks the kernel about a connection that has just been used; a second later again. */
  private void sampleRtt(Connection connection, long nowNanos) {
    rttDueNanos = nowNanos + RTT_PERIOD_NANOS;
    long rttNanos = loop().smoothedRttNanos(connection.channel());
    if (rttNanos > 0) {
      connector.network().rtt().onRtt(slot(), RttListener.Source.KERNEL, rttNanos);
    }
  }

  void onExchangeEnd() {
    active--;
    ended++;
  }

  void onClosed(Connection connection) {
    connections--;
    idle.remove(connection);
  }

  /** Closes connections that were idle for too long; called about once a second. */
  void expireIdle() {
    long nowNanos = loop().nanoTime();
    boolean expired = false;
    for (Iterator<Connection> i = idle.iterator(); i.hasNext(); ) {
      Connection connection = i.next();
      if (connection.idleDeadlineNanos() - nowNanos <= 0) {
        i.remove();
        connection.close();
        expired = true;
      }
    }
    if (expired && unusedReplacements < WARM_REPLACEMENTS) {
      unusedReplacements++;
      warm();
    }
  }

  /** Opens a connection ahead of its use, unless there is one, in use or on its way. */
  public void warm() {
    if (!closed && idle.isEmpty() && active + connecting == 0) {
      connect(null);
    }
  }

  /** Closes idle connections now and active ones when their exchange ends; later posts fail. */
  public void close() {
    closed = true;
    for (Connection connection : idle.toArray(Connection[]::new)) {
      connection.close();
    }
    idle.clear();
  }

  /**
   * Connections that wait for use.
   *
   * @return 0 or more
   */
  public int idle() {
    return idle.size();
  }

  /**
   * Exchanges on connections now.
   *
   * @return 0 or more
   */
  public int active() {
    return active;
  }

  /**
   * Connections in use, idle and on their way.
   *
   * @return 0 or more
   */
  public int connections() {
    return connections;
  }

  /** Exchanges that have left their connection so far. */
  long ended() {
    return ended;
  }

  PoolSpec spec() {
    return spec;
  }

  int slot() {
    return spec.slot();
  }

  UpstreamAddress address() {
    return spec.address();
  }

  RequestHead requestHead() {
    return requestHead;
  }

  IoLoop loop() {
    return connector.loop();
  }

  @Nullable Trains trains() {
    return trains;
  }

  boolean isPosting() {
    return posting;
  }

  boolean isClosed() {
    return closed;
  }
}
