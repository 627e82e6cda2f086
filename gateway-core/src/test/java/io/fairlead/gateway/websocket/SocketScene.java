package io.fairlead.gateway.websocket;

import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.QuietChain;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.call.ServingPlan.WebSocketLimits;
import io.fairlead.gateway.config.ListenConfig;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.metrics.BuildFacts;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.rpc.RpcServer;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawWebSocket;
import io.fairlead.routing.table.Picker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The rpc port with everything behind it but upstreams, on one event loop. */
final class SocketScene implements AutoCloseable, WebSocketObserver {
  static final WebSocketLimits LIMITS = new WebSocketLimits(16 << 20, 1000, 10_000, 4 << 20);
  private static final long PATIENCE_SECONDS = 30;

  final HeldCalls calls = new HeldCalls();
  final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
  final BlockingQueue<Integer> opened = new LinkedBlockingQueue<>();
  final AtomicInteger in = new AtomicInteger();
  final AtomicInteger out = new AtomicInteger();
  final RpcServer server;
  private final EventLoops loops = new EventLoops(Transport.choose(Transport.AUTO), 1, "socket");
  private volatile ServingPlan plan;

  /** What a scene is made of. */
  record Parts(InetSocketAddress address, MessageSides sides, SocketTiming timing) {
    /** The gateway's own, on a port of its choosing. */
    static Parts jsonRpc(SubscribingFactory subscribing, SocketTiming timing) {
      return new Parts(
          new InetSocketAddress("127.0.0.1", 0),
          (connection, visit) -> new CallSide(connection, visit, subscribing),
          timing);
    }

    /** A server that sends everything back. */
    static Parts echo(int port, SocketTiming timing) {
      return new Parts(
          new InetSocketAddress("127.0.0.1", port),
          (connection, visit) -> new EchoSide(connection),
          timing);
    }
  }

  SocketScene(WebSocketLimits limits, Parts parts) {
    MethodPolicy methods = MethodPolicy.ofChain(MethodSpecs.evm(), List.of(), List.of());
    plan = planOf(limits, QuietChain.answeredBy(calls, methods));
    LoopContext loop =
        new LoopContext(
            loops.loop(0),
            new Picker(new SplittableRandom(1)),
            upstream -> null,
            AnswerClassifier.evm());
    try {
      server =
          RpcServer.bind(
              loops,
              parts.address(),
              new RpcServer.Backing(
                  List.of(loop),
                  () -> plan,
                  new GatewayMetrics(new BuildFacts("1", "nio", 1), List::of).server(),
                  new WebSockets.Backing(() -> plan, parts.sides(), parts.timing(), this)),
              new RpcServer.Settings(ListenConfig.Answers.DEFAULT, 1000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SocketScene ofCalls(WebSocketLimits limits) {
    return new SocketScene(
        limits, Parts.jsonRpc(SubscribingFactory.NONE, SocketTiming.DEFAULT));
  }

  static SocketScene ofEcho(WebSocketLimits limits) {
    return new SocketScene(limits, Parts.echo(0, SocketTiming.DEFAULT));
  }

  private static ServingPlan planOf(WebSocketLimits limits, ChainRuntime... chains) {
    return new ServingPlan(List.of(chains), new ServingPlan.Limits(1 << 20, 100, limits));
  }

  /** A reload that serves another chain only. */
  void serveNothing() {
    plan = planOf(plan.limits().webSocket());
  }

  RawWebSocket open(String... fields) throws IOException {
    return RawWebSocket.open(new RawClient(server.address()), "/ethereum", fields);
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
