package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.fairlead.gateway.upstream.h2.SharedConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one upstream.
 *
 * <p>Of HTTP/1.1 a connection carries one exchange at a time, or a few brief ones ({@link Trains}).
 * The one used last is used next, so that the others may age and be closed before the upstream
 * closes them. There is no queue: an exchange for which no connection is free opens one, and how
 * many are in flight is bounded by routing's permits ({@code maxConcurrency}); beyond that many
 * connections it fails at once.
 *
 * <p>Where the upstream chooses HTTP/2, one or two connections carry all ({@link
 * SharedConnections}). Which it is the first connection shows, and each later one again.
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
  private final SharedConnections shared;
  private Protocol protocol;
  private int connections;
  private int connecting;
  private int active;
  private long ended;
  private int unusedReplacements;
  private long rttDueNanos;
  private boolean refusesHttp2;
  private boolean posting;
  private boolean closed;

  /** What the upstream is known to speak. */
  private enum Protocol {
    UNKNOWN,
    HTTP_1,
    HTTP_2;

    static Protocol before(PoolSpec spec) {
      return switch (spec.http2()) {
        case AUTO -> spec.address().isTls() ? UNKNOWN : HTTP_1;
        case OFF -> HTTP_1;
        case PRIOR_KNOWLEDGE -> HTTP_2;
      };
    }
  }

  UpstreamPool(PoolSpec spec, Connector connector, RandomGenerator random) {
    this.spec = spec;
    this.connector = connector;
    this.random = random;
    this.requestHead = new RequestHead(spec.address());
    this.trains = spec.pipelines() ? new Trains(this) : null;
    this.shared = new SharedConnections(this);
    this.protocol = Protocol.before(spec);
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
    } else if (protocol == Protocol.HTTP_1) {
      dispatchHttp1(exchange);
    } else if (active + shared.waiting() < spec.maxConnections()) {
      shared.dispatch(exchange);
    } else {
      fail(exchange, Kind.AT_CAPACITY, "all " + spec.maxConnections() + " streams are in use");
    }
  }

  private void dispatchHttp1(Exchange exchange) {
    Connection connection = pollIdle();
    if (connection != null) {
      start(connection, exchange);
    } else if (connections < spec.maxConnections()) {
      connect(exchange);
    } else {
      fail(exchange, Kind.AT_CAPACITY, "all " + spec.maxConnections() + " connections are in use");
    }
  }

  /** The upstream chose HTTP/2 and wants to be asked in HTTP/1.1 all the same. */
  void goBackToHttp1() {
    if (spec.http2() == Http2Use.AUTO) {
      refusesHttp2 = true;
      protocol = Protocol.HTTP_1;
    }
  }

  boolean offersHttp2() {
    return spec.http2() != Http2Use.OFF && !refusesHttp2;
  }

  void fail(Exchange exchange, Kind kind, String reason) {
    exchange.fail(new ExchangeFailure(kind, false, spec.address() + ": " + reason));
  }

  private @Nullable Connection pollIdle() {
    Connection connection = idle.pollLast();
    while (connection != null && !connection.isOpen()) {
      connection = idle.pollLast();
    }
    return connection;
  }

  /** Opens a connection for an exchange, or for whoever waits. */
  void connect(@Nullable Exchange waiting) {
    connections++;
    connecting++;
    connector.connect(new Dial(connector, new ConnectAttempt(this, waiting)));
  }

  private void start(Connection connection, Exchange exchange) {
    active++;
    connection.start(exchange);
  }

  /** Starts an exchange on a connection that has room. */
  void start(SharedConnection connection, Exchange exchange) {
    active++;
    exchange.start(connection);
  }

  /** TCP is there; TLS is not yet. */
  void onRtt(long tookNanos) {
    connector.network().rtt().onRtt(slot(), RttListener.Source.CONNECT, tookNanos);
  }

  /** A new connection is open; it counts already. */
  void onConnected(Connection connection, @Nullable Exchange waiting) {
    connecting--;
    connection.onEstablished();
    protocol = Protocol.HTTP_1;
    if (waiting != null && !waiting.hasEnded()) {
      start(connection, waiting);
    } else {
      park(connection);
    }
    shared.onHttp1(waiting == null).forEach(this::dispatchAwaited);
  }

  private void dispatchAwaited(Exchange exchange) {
    if (!exchange.hasEnded()) {
      dispatch(exchange);
    }
  }

  /** A new connection is open and speaks HTTP/2; it counts already. */
  void onShared(SharedConnection connection, @Nullable Exchange waiting) {
    connecting--;
    protocol = Protocol.HTTP_2;
    shared.onOpen(connection, waiting == null);
    if (waiting != null) {
      dispatchAwaited(waiting);
    }
  }

  void onSharedClosed() {
    connections--;
  }

  void onConnectFailed(@Nullable Exchange waiting, ExchangeFailure failure) {
    connections--;
    connecting--;
    if (waiting == null) {
      shared.onFailed(failure);
    } else {
      waiting.fail(failure);
    }
  }

  void park(Connection connection) {
    if (closed || !connection.isOpen()) {
      connection.close();
      return;
    }
    connection.park(newIdleDeadline());
    idle.addLast(connection);
    sampleRtt(connection.channel());
  }

  /** Until when a connection may stay that is idle from now on. */
  long newIdleDeadline() {
    long timeoutNanos = connector.network().policy().idleTimeout().toNanos();
    long jitterNanos = (long) (random.nextDouble() * 0.1 * timeoutNanos);
    return loop().nanoTime() + timeoutNanos - jitterNanos;
  }

  /** Asks the kernel about a connection that has just been used; a second later again. */
  void sampleRtt(Channel channel) {
    long nowNanos = loop().nanoTime();
    if (nowNanos - rttDueNanos < 0) {
      return;
    }
    rttDueNanos = nowNanos + RTT_PERIOD_NANOS;
    long rttNanos = loop().smoothedRttNanos(channel);
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

  /** Closes connections that were idle for too long, or are dead; called about once a second. */
  void expireIdle() {
    long nowNanos = loop().nanoTime();
    boolean expired = shared.sweep(nowNanos);
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
    if (!closed && idle() == 0 && active + connecting == 0) {
      shared.open();
    }
  }

  /** Closes idle connections now and active ones when their exchange ends; later posts fail. */
  public void close() {
    closed = true;
    for (Connection connection : idle.toArray(Connection[]::new)) {
      connection.close();
    }
    idle.clear();
    shared.close();
  }

  /**
   * Connections that wait for use.
   *
   * @return 0 or more
   */
  public int idle() {
    return idle.size() + shared.idle();
  }

  /**
   * Exchanges on connections and streams now.
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

  SharedConnections shared() {
    return shared;
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
