package io.fairlead.gateway.freshness;

import io.fairlead.gateway.app.ComposedChain;
import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.CacheUse;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallObserver;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.CallSink;
import io.fairlead.gateway.call.CallStart;
import io.fairlead.gateway.call.ChainFacts;
import io.fairlead.gateway.call.ChainLane;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.HeadObserver;
import io.fairlead.gateway.call.Holdings;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.RetryReason;
import io.fairlead.gateway.call.UpstreamLink;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.Clients;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.net.TestLoops;
import io.fairlead.gateway.transaction.SteppedOutbox;
import io.fairlead.gateway.upstream.ExchangeFailure;
import io.fairlead.gateway.upstream.ExchangeListener;
import io.fairlead.gateway.upstream.RequestPort;
import io.fairlead.gateway.upstream.UpstreamExchange;
import io.fairlead.probes.AgreedHeads;
import io.fairlead.probes.ChainProber;
import io.fairlead.probes.EvmExpectation;
import io.fairlead.probes.Fork;
import io.fairlead.probes.Head;
import io.fairlead.probes.ProbeCallback;
import io.fairlead.probes.ProbeEnvironment;
import io.fairlead.probes.ProbeListener;
import io.fairlead.probes.ProbePolicy;
import io.fairlead.probes.Reorganisation;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.Allowances;
import io.fairlead.routing.attempt.PursuitPolicy;
import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.control.ChainIdentity;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.table.Picker;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Health;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * The gateway's own prober, router, calls, questions and freshness on one event loop in virtual
 * time; only sockets and the threads between control and data are left out.
 */
final class TestGateway implements ProbeListener, ChainFacts, HeadObserver, AutoCloseable {
  /** How long a call may take. */
  static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long it may take until somebody looks whether its time is up. */
  static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Leaks are looked for elsewhere: to remember who touched a buffer costs more than the play. */
  private final ByteBufAllocator buffers = new UnpooledByteBufAllocator(false, true);

  /** When a node was last on a branch that no probe had seen, by the node. */
  private final Map<String, Long> unknownNanos = new HashMap<>();

  /** Since when it is. */
  private final Map<String, Long> unknownSinceNanos = new HashMap<>();

  private long longestUnknownNanos;

  /** What tasks of the loop threw. */
  private final List<Throwable> thrown = new ArrayList<>();

  private final MockTicker time = Ticker.newMockTicker();
  final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(time).build();
  final IoLoop loop;
  final TestWorld world;
  final Clients clients = new Clients(100_000);
  final HeadBoard board;
  private final ChainRouter router;
  private final ChainProber prober;
  private final HeadDesk desk;
  private final LoopContext context;
  private final ChainRuntime runtime;
  private final RequestScanner scanner;
  private final SteppedOutbox outbox;
  private final ComposedChain chain;
  private final Map<String, UpstreamLink> links = new HashMap<>();

  TestGateway(SplittableRandom random, Duration blockTime, Path dir) {
    time.advance(1, TimeUnit.DAYS);
    loop = TestLoops.embedded(TestLoops.watched(channel.eventLoop(), thrown::add), buffers);
    world = new TestWorld(loop, random.split(), blockTime.toNanos());
    router =
        new ChainRouter(
            new ChainIdentity("sim", new AtomicInteger()::getAndIncrement),
            RoutingPolicy.DEFAULT,
            loop,
            random.split(),
            event -> {});
    board = new HeadBoard(blockTime.toNanos(), n -> loop.schedule(() -> wanted(n), 0));
    desk = new HeadDesk(board, clients, loop);
    ProbePolicy policy =
        new ProbePolicy(Duration.ofSeconds(1), Duration.ofSeconds(2), 20_000, blockTime);
    prober =
        new ChainProber(
            new EvmExpectation(1),
            policy,
            new ProbeEnvironment(this::probe, loop, random.split()),
            this);
    MethodSpecs methods = MethodSpecs.evm();
    MethodPolicy all = MethodPolicy.ofUpstream(methods, List.of(), List.of());
    context =
        new LoopContext(
            loop,
            new Picker(random.split()),
            upstream -> links.computeIfAbsent(upstream.id(), id -> link(id, all)),
            AnswerClassifier.evm());
    Allowances allowances =
        new Allowances(new Budget(0.1, 3, 100, loop), new Budget(0.03, 1, loop), loop);
    ChainLane lane = new ChainLane(router.newLane(() -> {}), allowances);
    outbox = new SteppedOutbox(dir, () -> Instant.ofEpochSecond(0, loop.nanoTime()));
    chain = new ComposedChain(loop, board, outbox, Optional.empty());
    runtime =
        new ChainRuntime(
            "sim",
            new ChainRuntime.Parts(router, List.of(lane), new Uncounted(), this, this),
            new PursuitPolicy(TIMEOUT_NANOS, 3, true),
            new ChainRuntime.Rules(
                MethodPolicy.ofChain(methods, List.of(), List.of()), false, 3, chain.handler()));
    scanner = new RequestScanner(1, 64, context.window());
    chain.startRebroadcasting(runtime, context, random.split(), new Uncounted());
  }

  private void wanted(long number) {
    prober.onHeadWanted(number);
  }

  void start() {
    router.setUpstreams(world.specs, RoutingPolicy.DEFAULT);
    prober.setUpstreams(world.specs);
    prober.start();
    world.start();
    tick();
    pass(TimeUnit.SECONDS.toNanos(5));
  }

  private void tick() {
    RoutingTable table = router.tick();
    for (Upstream upstream : table.upstreams()) {
      prober.setSuspect(upstream.id(), table.status(upstream).health() != Health.HEALTHY);
    }
    world.nodes.values().forEach(this::watchBranch);
    loop.schedule(this::tick, TICK_NANOS);
  }

  private void watchBranch(TestNode node) {
    if (!isForkUnknown(node)) {
      unknownSinceNanos.remove(node.id);
      return;
    }
    long now = loop.nanoTime();
    unknownNanos.put(node.id, now);
    long since = unknownSinceNanos.computeIfAbsent(node.id, id -> now);
    if (world.isInTrouble()) {
      unknownSinceNanos.put(node.id, now);
    }
    longestUnknownNanos = Math.max(longestUnknownNanos, now - since);
  }

  /** The time between two looks at one node's branch: a block's, as far as the budget goes. */
  private long lookNanos() {
    return Math.max(board.blockTimeNanos(), TimeUnit.MILLISECONDS.toNanos(6_200));
  }

  /**
   * For how long a block that was replaced, or one of a branch that one node follows alone, may
   * still be shown: until two looks have shown what stands in its place.
   */
  long replacedNanos() {
    return 2 * lookNanos();
  }

  /** The longest time for which a node was on a branch of its own and no probe had seen it. */
  long longestUnknownNanos() {
    return longestUnknownNanos;
  }

  /** How many transactions the outbox keeps. */
  int outboxSize() {
    return outbox.size();
  }

  @Override
  public void close() {
    outbox.close();
  }

  /** Plays for a while. */
  void pass(long nanos) {
    long end = loop.nanoTime() + nanos;
    while (loop.nanoTime() - end < 0) {
      channel.runPendingTasks();
      outbox.settle();
      channel.runPendingTasks();
      long next = channel.runScheduledPendingTasks();
      time.advance(Math.min(Math.max(0, next), end - loop.nanoTime()), TimeUnit.NANOSECONDS);
      if (!thrown.isEmpty()) {
        throw new AssertionError(loop.nanoTime() + ": a task of the loop failed", thrown.get(0));
      }
    }
  }

  Upstream upstream(String id) {
    return router.table().upstreams().stream()
        .filter(upstream -> upstream.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** Whether a node is on a branch of its own and no probe has seen it yet. */
  private boolean isForkUnknown(TestNode node) {
    return node.fault == TestNode.Fault.FORKED
        && world.forked.containsKey(node.head.hash)
        && !board.heads().isAstray(upstream(node.id));
  }

  /**
   * Whether a node is on such a branch, or was after an instant.
   *
   * @param id the node; any if there is none of that name
   */
  boolean isForkUnknownSince(long nanos, String id) {
    return world.nodes.values().stream()
        .filter(node -> node.id.equals(id) || !world.nodes.containsKey(id))
        .anyMatch(
            node ->
                isForkUnknown(node)
                    || unknownNanos.getOrDefault(node.id, Long.MIN_VALUE) >= nanos - TICK_NANOS);
  }

  /** Sends a client's call; the answer comes as text, and whose it is. */
  void call(Client client, String json, BiConsumer<String, Origin> heard) {
    ByteBuf body = ByteBufUtil.writeAscii(buffers, json);
    scanner.reset();
    scanner.feed(body);
    scanner.finish();
    Asker asker = new Asker(runtime, client);
    CallStart.run(
        CallStart.prepare(
            context, asker, body, scanner.call(0), new Heard(heard, new StringBuilder())));
  }

  private UpstreamLink link(String id, MethodPolicy all) {
    RequestPort port = (body, isBrief, listener) -> post(id, body, listener);
    return new UpstreamLink(port, (methodClass, result, nanos) -> {}, all, loop.nanoTime());
  }

  private UpstreamExchange post(String id, ByteBuf body, ExchangeListener listener) {
    byte[] bytes = new byte[body.readableBytes()];
    body.getBytes(body.readerIndex(), bytes);
    body.release();
    TestExchange exchange = new TestExchange();
    world.ask(id, bytes, answer -> deliver(exchange, listener, answer));
    return exchange;
  }

  private static void deliver(TestExchange exchange, ExchangeListener listener, byte[] answer) {
    if (exchange.isCancelled) {
      return;
    }
    if (answer.length == 0) {
      listener.onFailure(
          new ExchangeFailure(ExchangeFailure.Kind.CONNECT_REFUSED, false, "refused"));
      return;
    }
    listener.onHead(200, EmptyHttpHeaders.INSTANCE, answer.length);
    listener.onContent(Unpooled.wrappedBuffer(answer));
    listener.onComplete();
  }

  private void probe(String id, byte[] body, long timeoutNanos, ProbeCallback callback) {
    world.ask(
        id,
        body,
        answer -> {
          if (answer.length == 0) {
            callback.onFailure(false, "connection refused");
          } else {
            callback.onAnswer(200, answer);
          }
        });
  }

  @Override
  public void onIdentity(String id, Identity identity, String reason) {
    router.onIdentity(id, identity);
  }

  @Override
  public void onHead(String id, Head head) {
    desk.onHead(upstream(id), head, router.table().upstreams());
  }

  @Override
  public void onPosition(String id, long blocks) {
    router.onHead(id, blocks);
  }

  @Override
  public void onChainHead(long blocks) {
    router.setChainHead(blocks);
  }

  @Override
  public void onAgreed(AgreedHeads heads) {
    desk.onAgreed(heads);
    chain.onAgreed(heads);
  }

  @Override
  public void onReorganisation(Reorganisation reorganisation) {
    chain.onReorganised();
  }

  @Override
  public void onFork(Fork fork) {}

  @Override
  public void onProbe(String id, AttemptResult outcome, long elapsedNanos, String reason) {
    router.onProbe(id, outcome, elapsedNanos);
    desk.onProbe(elapsedNanos);
  }

  @Override
  public void onOrganicHead(Upstream upstream, long blocks) {
    loop.schedule(() -> prober.onOrganicHead(upstream.id(), blocks), 0);
  }

  @Override
  public void onOrganicAnswer(Upstream upstream) {
    loop.schedule(() -> prober.onOrganicAnswer(upstream.id()), 0);
  }

  @Override
  public long chainId() {
    return 1;
  }

  @Override
  public Clients clients() {
    return clients;
  }

  @Override
  public Holdings holdings() {
    return Holdings.NONE;
  }

  @Override
  public long configuredNanos() {
    return 0;
  }

  /** An exchange of which nothing is real but its end. */
  private static final class TestExchange implements UpstreamExchange {
    private boolean isCancelled;

    @Override
    public void cancel() {
      isCancelled = true;
    }

    @Override
    public void setReading(boolean on) {}
  }

  /**
   * Where an answer came from.
   *
   * @param by which node gave it, as far as that is known
   * @param cache whether it was kept
   */
  record Origin(String by, String cache) {
    @Override
    public String toString() {
      return " by " + by + ", " + cache;
    }
  }

  /** Hears an answer as text. */
  private record Heard(BiConsumer<String, Origin> to, StringBuilder pieces) implements CallSink {
    private static Origin origin(Call call) {
      return new Origin(String.valueOf(call.answeredBy()), String.valueOf(call.cacheUse()));
    }

    @Override
    public void onWhole(Call call, int httpStatus, ByteBuf answer) {
      String text = answer.toString(StandardCharsets.UTF_8);
      answer.release();
      to.accept(text, origin(call));
    }

    @Override
    public void onStart(Call call, long lengthBytes) {}

    @Override
    public void onChunk(Call call, ByteBuf chunk) {
      pieces.append(chunk.toString(StandardCharsets.UTF_8));
      chunk.release();
    }

    @Override
    public void onEnd(Call call) {
      to.accept(pieces.toString(), origin(call));
    }

    @Override
    public void onBroken(Call call) {
      to.accept("{\"error\":{\"message\":\"it broke off\"}}", origin(call));
    }

    @Override
    public void onNothing(Call call) {}
  }

  /** Counts nothing. */
  private static final class Uncounted implements CallObserver {
    @Override
    public void onCall(MethodClass methodClass, CallOutcome outcome, long elapsedNanos) {}

    @Override
    public void onRetry(RetryReason reason) {}

    @Override
    public void onHedge() {}

    @Override
    public void onHedgeWon() {}

    @Override
    public void onRescue() {}

    @Override
    public void onCacheUse(CacheUse use) {}
  }
}
