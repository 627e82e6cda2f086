package io.fairlead.gateway.websocket;

import io.fairlead.gateway.admission.AdmissionPolicy;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.QuietChain;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.call.ServingPlan.ClientPace;
import io.fairlead.gateway.call.ServingPlan.HttpLimits;
import io.fairlead.gateway.call.ServingPlan.WebSocketLimits;
import io.fairlead.gateway.config.ListenConfig;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.metrics.BuildFacts;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.TestLoops;
import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.rpc.RpcServer;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawWebSocket;
import io.fairlead.routing.table.Picker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The rpc port with everything behind it but upstreams, on one event loop. */
final class SocketScene implements AutoCloseable, WebSocketObserver {
  static final WebSocketLimits LIMITS = new WebSocketLimits(16 << 20, 1000, 10_000, 4 << 20);
  static final HttpLimits HTTP =
      new HttpLimits(
          8 << 10,
          32 << 10,
          100,
          100,
          new ClientPace(
              TimeUnit.SECONDS.toNanos(10),
              1024,
              TimeUnit.SECONDS.toNanos(60),
              TimeUnit.SECONDS.toNanos(30)));
  private static final long PATIENCE_SECONDS = 30;

  final HeldCalls calls = new HeldCalls();
  final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
  final BlockingQueue<Integer> opened = new LinkedBlockingQueue<>();
  final AtomicInteger in = new AtomicInteger();
  final AtomicInteger out = new AtomicInteger();
  final RpcServer server;
  private final EventLoops loops = new EventLoops(Transport.choose(Transport.AUTO), 1, "socket");
  private final ChainRuntime chain;
  private final AtomicLong nanos = new AtomicLong(1);
  private volatile ServingPlan plan;

  /** What a scene is made of. */
  record Parts(int port, MessageSides sides, SocketTiming timing) {
    /** The gateway's own, whose time stands still until the test moves it. */
    static Parts jsonRpc(SubscribingFactory subscribing) {
      return new Parts(
          0,
          (connection, visit) -> new CallSide(connection, visit, subscribing),
          new SocketTiming(
              TimeUnit.SECONDS.toNanos(30),
              TimeUnit.SECONDS.toNanos(60),
              TimeUnit.SECONDS.toNanos(30),
              TimeUnit.SECONDS.toNanos(1),
              TimeUnit.MILLISECONDS.toNanos(20)));
    }

    /** A server that sends everything back. */
    static Parts echo(int port) {
      return new Parts(port, (connection, visit) -> new EchoSide(connection), SocketTiming.DEFAULT);
    }
  }

  SocketScene(WebSocketLimits limits, Parts parts, boolean isTimeManual) {
    MethodPolicy methods = MethodPolicy.ofChain(MethodSpecs.evm(), List.of(), List.of());
    chain = QuietChain.answeredBy(calls, methods);
    plan = planOf(limits, chain);
    LoopContext loop =
        new LoopContext(
            isTimeManual ? TestLoops.withClock(loops.loop(0), nanos::get) : loops.loop(0),
            new Picker(new SplittableRandom(1)),
            upstream -> null,
            AnswerClassifier.evm());
    try {
      server =
          RpcServer.bind(
              loops,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), parts.port()),
              new RpcServer.Backing(
                  List.of(loop),
                  () -> plan,
                  new GatewayMetrics(new BuildFacts("1", "nio", 1), List::of).server(),
                  new WebSockets.Backing(() -> plan, parts.sides(), parts.timing(), this)),
              new RpcServer.Settings(
                  ListenConfig.Answers.DEFAULT,
                  ListenConfig.Proxies.NONE,
                  1000,
                  Optional.empty(),
                  AdmissionPolicy.DEFAULT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SocketScene ofCalls(WebSocketLimits limits) {
    return of(limits, SubscribingFactory.NONE);
  }

  static SocketScene of(WebSocketLimits limits, SubscribingFactory subscribing) {
    return new SocketScene(limits, Parts.jsonRpc(subscribing), true);
  }

  static SocketScene ofEcho(WebSocketLimits limits) {
    return new SocketScene(limits, Parts.echo(0), false);
  }

  private static ServingPlan planOf(WebSocketLimits limits, ChainRuntime... chains) {
    return new ServingPlan(List.of(chains), new ServingPlan.Limits(1 << 20, 100, 64, HTTP, limits));
  }

  /** A reload that serves another chain only. */
  void serveNothing() {
    plan = planOf(plan.limits().webSocket());
  }

  RawWebSocket open(String... fields) throws IOException {
    return RawWebSocket.open(new RawClient(server.address()), "/ethereum", fields);
  }

  /** Moves the time. */
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** A reload with other bounds. */
  void limit(WebSocketLimits limits) {
    plan = planOf(limits, chain);
  }

  /** Runs a task on the loop and waits for its end. */
  void onLoop(Runnable task) {
    loops.at(0).submit(task).syncUninterruptibly();
  }

  int nextClose() {
    try {
      Integer code = closes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return code == null ? -1 : code;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  @Override
  public void onOpened() {
    opened.add(1);
  }

  @Override
  public void onClosed(int code) {
    closes.add(code);
  }

  @Override
  public void onMessageIn() {
    in.incrementAndGet();
  }

  @Override
  public void onMessageOut() {
    out.incrementAndGet();
  }

  @Override
  public void onFault(RequestFault fault) {}

  @Override
  public void close() {
    server.close();
    loops.close();
  }
}
