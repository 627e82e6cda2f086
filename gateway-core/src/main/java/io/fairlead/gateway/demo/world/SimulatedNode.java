package io.fairlead.gateway.demo.world;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node of the simulated chain: an HTTP server on a loopback port that answers after its network
 * and service times, and fails as it is told.
 *
 * <p>It works on only so many bodies at once; others wait their turn, so overload shows as delay,
 * as on a real node.
 *
 * <p>Thread-safety: public methods are safe; everything else is confined to the node's event loop.
 */
public final class SimulatedNode {
  private static final int MAX_BODY_BYTES = 4 << 20;
  private static final long REBIND_NANOS = 20_000_000;
  private static final double MAX_PROPAGATION_MILLIS = 120;
  private static final double NANOS_A_MILLI = 1e6;

  private final NodeProfile profile;
  private final NodeServer server;
  private final SimulatedChain chain;
  private final EvmAnswers answers;
  private final EventLoop loop;
  private final ServiceTimes times;
  private final Admission admission;
  private final long propagationNanos;
  private final ChannelGroup connections;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong limited = new AtomicLong();
  private int busy;
  private long staleHead = Long.MAX_VALUE;
  private volatile Fault fault = Fault.NONE;
  private volatile InetSocketAddress address = new InetSocketAddress(0);
  private @Nullable Channel listener;

  /** How an answer comes out of the node; one of the two, once. */
  interface Reply {
    void answer(byte[] body);

    void refuse(HttpResponseStatus status);
  }

  SimulatedNode(NodePlan plan, SimulatedChain chain, EventLoop loop, RandomGenerator random) {
    this.profile = plan.profile();
    this.server = plan.server();
    this.chain = chain;
    this.answers = new EvmAnswers(chain);
    this.loop = loop;
    this.propagationNanos = (long) (MAX_PROPAGATION_MILLIS * NANOS_A_MILLI * random.nextDouble());
    this.times = new ServiceTimes(random, server.work(), profile.slowness());
    this.admission = new Admission(server, random, loop.ticker()::nanoTime);
    this.connections = new DefaultChannelGroup(loop);
  }

  /**
   * Where it stands.
   *
   * @return the profile
   */
  public NodeProfile profile() {
    return profile;
  }

  /**
   * Where it listens; the port stays the same while the node lives.
   *
   * @return a loopback address
   */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * Its URL for an upstream's configuration.
   *
   * @return {@code http://127.0.0.1:PORT}
   */
  public String url() {
    return "http://127.0.0.1:" + address.getPort();
  }

  /**
   * What is wrong with it.
   *
   * @return the fault in force
   */
  public Fault fault() {
    return fault;
  }

  /**
   * HTTP requests that have reached it, answered or not.
   *
   * @return a count since the start
   */
  public long requests() {
    return requests.get();
  }

  /**
   * HTTP requests that got a 429 because they were beyond a quota.
   *
   * @return a count since the start
   */
  public long limited() {
    return limited.get();
  }

  /**
   * Changes what is wrong with it.
   *
   * @param next the fault from now on
   * @return done when it is in force; after {@code REFUSE} when the port is open again
   */
  public CompletableFuture<Void> setFault(Fault next) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> changeFault(next, done));
    return done;
  }

  /** Opens the port. */
  CompletableFuture<Void> start() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () ->
            bind(new InetSocketAddress(NetUtil.LOCALHOST4, 0))
                .addListener(bound -> complete(bound.cause(), done)));
    return done;
  }

  /** Closes the port and all connections. */
  void close() {
    loop.execute(
        () -> {
          closeListener();
          closeConnections(() -> {});
        });
  }

  /** Counts a request. */
  void onRequest() {
    requests.incrementAndGet();
  }

  /** Works on a body and hands the answer over when network and service times have passed. */
  void serve(byte[] body, Reply reply) {
    EvmAnswers.Request request = answers.parse(body);
    Fault now = fault;
    double added = now.kind() == Fault.Kind.DELAY ? now.addedMillis() : 0;
    long wire = times.nextRoundTripNanos(profile.roundTripMillis(), server.jitter());
    later(wire + (long) (added * NANOS_A_MILLI), () -> admit(request, reply));
  }

  private void admit(EvmAnswers.@Nullable Request request, Reply reply) {
    switch (admission.next(fault)) {
      case WORK -> begin(() -> work(request, reply));
      case ERROR ->
          later(
              (long) (fault.addedMillis() * NANOS_A_MILLI),
              () -> reply.refuse(HttpResponseStatus.SERVICE_UNAVAILABLE));
      case LIMITED -> {
        limited.incrementAndGet();
        reply.refuse(HttpResponseStatus.TOO_MANY_REQUESTS);
      }
    }
  }

  private void work(EvmAnswers.@Nullable Request request, Reply reply) {
    long nanos = request == null ? 0 : times.nextNanos(request.work(), fault.factor());
    later(nanos, () -> finish(request, reply));
  }

  private void begin(Runnable work) {
    if (busy < server.slots()) {
      busy++;
      work.run();
    } else {
      waiting.add(work);
    }
  }

  private void finish(EvmAnswers.@Nullable Request request, Reply reply) {
    busy--;
    if (!waiting.isEmpty()) {
      begin(waiting.remove());
    }
    reply.answer(answers.answer(request, head()));
  }

  private long head() {
    return Math.min(staleHead, chain.headBefore(propagationNanos) - fault.lagBlocks());
  }

  private void changeFault(Fault next, CompletableFuture<Void> done) {
    boolean wasRefusing = fault.kind() == Fault.Kind.REFUSE;
    staleHead = next.kind() == Fault.Kind.STALE_HEAD ? head() : Long.MAX_VALUE;
    fault = next;
    admission.onFault(next);
    if (next.kind() == Fault.Kind.REFUSE) {
      closeListener();
      closeConnections(() -> done.complete(null));
    } else if (wasRefusing) {
      rebind(done);
    } else {
      done.complete(null);
    }
  }

  /** Takes the old port again; somebody's outgoing connection may hold it for a moment. */
  private void rebind(CompletableFuture<Void> done) {
    bind(address)
        .addListener(
            bound -> {
              if (bound.isSuccess()) {
                done.complete(null);
              } else {
                later(REBIND_NANOS, () -> rebind(done));
              }
            });
  }

  private ChannelFuture bind(InetSocketAddress where) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    connections.add(channel);
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(MAX_BODY_BYTES),
                            new NodeConnection(SimulatedNode.this));
                  }
                });
    return bootstrap
        .bind(where)
        .addListener(
            (ChannelFuture bound) -> {
              if (bound.isSuccess()) {
                listener = bound.channel();
                address = (InetSocketAddress) bound.channel().localAddress();
              }
            });
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A task that fails is logged by the loop.
  private void later(long nanos, Runnable task) {
    loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The listener returned is the same future.
  private void closeConnections(Runnable afterwards) {
    connections.close().addListener(closed -> afterwards.run());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Nothing waits for it.
  private void closeListener() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }

  private static void complete(@Nullable Throwable cause, CompletableFuture<Void> done) {
    if (cause == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(cause);
    }
  }
}
