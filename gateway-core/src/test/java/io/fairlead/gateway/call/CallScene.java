package io.fairlead.gateway.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.Clients;
import io.fairlead.gateway.freshness.FreshnessHandler;
import io.fairlead.gateway.freshness.HeadBoard;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.metrics.TestChain;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.net.LoopTurns;
import io.fairlead.gateway.net.TestLoops;
import io.fairlead.gateway.upstream.ExchangeListener;
import io.fairlead.gateway.upstream.UpstreamExchange;
import io.fairlead.probes.AgreedHeads;
import io.fairlead.probes.RecentBlocks;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.attempt.Allowances;
import io.fairlead.routing.attempt.PursuitPolicy;
import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.control.ChainIdentity;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.table.Picker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls on one event loop in virtual time, with the gateway's own table, questions and freshness,
 * to upstreams that a test plays, each in a cloud of its own.
 */
public final class CallScene {
  /** Time between the chain's blocks. */
  public static final Duration BLOCK_TIME = Duration.ofSeconds(2);

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Who remembers clients. */
  public final Clients clients = new Clients(100);

  /** Where everybody is seen to stand. */
  public final HeadBoard board = new HeadBoard(BLOCK_TIME.toNanos(), number -> {});

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final IoLoop loop;
  private final ChainRouter router;
  private final LoopContext context;
  private final ChainRuntime runtime;
  private final RequestScanner scanner;
  private final Map<String, Node> nodes = new HashMap<>();

  /** An upstream: what it answers, and what it was asked. */
  public final class Node {
    /** Every request, the oldest first. */
    public final List<JsonNode> asked = new ArrayList<>();

    /**
     * Makes an answer's {@code "result":...} or {@code "error":...} of a call; null to stay mute.
     */
    public volatile Function<JsonNode, @Nullable String> answers = call -> "\"result\":null";

    /** How long it takes to answer. */
    public Duration latency = Duration.ofMillis(5);

    private final String id;
    private final UpstreamLink link;

    private Node(String id, MethodPolicy all) {
      this.id = id;
      this.link = new UpstreamLink(this::post, (type, result, nanos) -> {}, all, loop.nanoTime());
    }

    /** Its upstream. */
    public Upstream upstream() {
      return router.upstreams().stream().filter(u -> u.id().equals(id)).findFirst().orElseThrow();
    }

    /** How many requests of a method it has had. */
    public long count(String method) {
      return asked.stream().filter(call -> call.path("method").asText().equals(method)).count();
    }

    /** A probe finds it at a block. */
    public void standsAt(long block) {
      router.onHead(id, block);
      board.onProbed(upstream(), block, loop.nanoTime(), loop.nanoTime());
    }

    private UpstreamExchange post(ByteBuf body, boolean isBrief, ExchangeListener listener) {
      JsonNode call = parse(body.toString(StandardCharsets.US_ASCII));
      body.release();
      asked.add(call);
      Exchange exchange = new Exchange();
      loop.schedule(() -> answer(call, exchange, listener), latency.toNanos());
      return exchange;
    }

    private void answer(JsonNode call, Exchange exchange, ExchangeListener listener) {
      String member = answers.apply(call);
      if (member != null && !exchange.isCancelled) {
        String text = "{\"jsonrpc\":\"2.0\",\"id\":" + call.path("id") + "," + member + "}";
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        listener.onHead(200, EmptyHttpHeaders.INSTANCE, bytes.length);
        listener.onContent(Unpooled.wrappedBuffer(bytes));
        listener.onComplete();
      }
    }
  }

  private static final class Exchange implements UpstreamExchange {
    private boolean isCancelled;

    @Override
    public void cancel() {
      isCancelled = true;
    }

    @Override
    public void setReading(boolean on) {}
  }

  /** What a client hears of one call. */
  public static class Told implements CallSink {
    private @Nullable String text;

    /** The answer, null while there is none. */
    public @Nullable String text() {
      return text;
    }

    @Override
    public void onWhole(Call call, int httpStatus, ByteBuf answer) {
      text = answer.toString(StandardCharsets.UTF_8);
      answer.release();
    }

    @Override
    public void onStart(Call call, long lengthBytes) {
      text = "";
    }

    @Override
    public void onChunk(Call call, ByteBuf chunk) {
      text += chunk.toString(StandardCharsets.UTF_8);
      chunk.release();
    }

    @Override
    public void onEnd(Call call) {}

    @Override
    public void onBroken(Call call) {
      text += " broken";
    }

    @Override
    public void onNothing(Call call) {}
  }

  /**
   * Upstreams that nobody has seen at any block yet.
   *
   * @param handler answers calls, behind freshness
   * @param ids the upstreams
   */
  public CallScene(CallHandler handler, String... ids) {
    this(handler, false, ids);
  }

  /** The same, where slow attempts may get another beside them. */
  public CallScene(CallHandler handler, boolean hedges, String... ids) {
    channel.freezeTime();
    loop = TestLoops.embedded(channel.eventLoop());
    SplittableRandom random = new SplittableRandom(7);
    AtomicInteger slots = new AtomicInteger();
    router =
        new ChainRouter(
            new ChainIdentity("scene", slots::getAndIncrement),
            RoutingPolicy.DEFAULT,
            loop,
            random.split(),
            event -> {});
    MethodSpecs methods = MethodSpecs.evm();
    MethodPolicy all = MethodPolicy.ofUpstream(methods, List.of(), List.of());
    List<UpstreamSpec> specs = new ArrayList<>();
    for (String id : ids) {
      specs.add(TestChain.spec(id, "cloud-" + id, "region-" + id));
      nodes.put(id, new Node(id, all));
    }
    context =
        new LoopContext(
            loop, new Picker(random.split()), u -> node(u.id()).link, AnswerClassifier.evm());
    Allowances allowances =
        new Allowances(new Budget(0.1, 3, 100, loop), new Budget(0.03, 1, loop), loop);
    runtime =
        new ChainRuntime(
            "scene",
            new ChainRuntime.Parts(
                router,
                List.of(new ChainLane(router.newLane(() -> {}), allowances)),
                new Uncounted(),
                new Unheard(),
                new Facts(clients)),
            new PursuitPolicy(TimeUnit.SECONDS.toNanos(10), 3, hedges),
            new ChainRuntime.Rules(
                MethodPolicy.ofChain(methods, List.of(), List.of()),
                false,
                3,
                new FreshnessHandler(
                    handler, board, FreshnessHandler.Limits.of(BLOCK_TIME.toNanos()))));
    scanner = new RequestScanner(1, 64, context.window());
    router.setUpstreams(specs, RoutingPolicy.DEFAULT);
    specs.forEach(spec -> router.onIdentity(spec.id(), Identity.VERIFIED));
    tick();
  }

  private void tick() {
    router.tick();
    loop.schedule(this::tick, TICK_NANOS);
  }

  /** An upstream by its id. */
  public Node node(String id) {
    Node found = nodes.get(id);
    if (found == null) {
      throw new IllegalArgumentException("id: " + id + " (expected: one of " + nodes.keySet());
    }
    return found;
  }

  /** The upstreams' ids. */
  public Set<String> ids() {
    return nodes.keySet();
  }

  /** The newest block that the chain agrees on, of which nobody knows the hash. */
  public void agree(long block) {
    agree(block, RecentBlocks.NONE);
  }

  /** The newest block that the chain agrees on. */
  public void agree(long block, String hash) {
    agree(block, new RecentBlocks(block, new String[] {hash}));
  }

  private void agree(long block, RecentBlocks hashes) {
    long unknown = AgreedHeads.UNKNOWN;
    router.setChainHead(block);
    board.publish(new AgreedHeads(block, unknown, unknown, hashes, Set.of()), loop.nanoTime());
  }

  /** The loop's long turns, to be told of them. */
  public LoopTurns turns() {
    return loop.turns();
  }

  /** What is known of how long upstreams take. */
  public List<LatencyRow> latency() {
    return router.latency();
  }

  /** Virtual time. */
  public long nanoTime() {
    return loop.nanoTime();
  }

  /** Runs something later. */
  public void later(Duration delay, Runnable what) {
    loop.schedule(what, delay.toNanos());
  }

  /** Plays for a while. */
  public void pass(Duration time) {
    long end = loop.nanoTime() + time.toNanos();
    channel.runPendingTasks();
    while (loop.nanoTime() - end < 0) {
      long next = channel.runScheduledPendingTasks();
      channel.advanceTimeBy(
          Math.min(Math.max(0, next), end - loop.nanoTime()), TimeUnit.NANOSECONDS);
      channel.runPendingTasks();
    }
    channel.runScheduledPendingTasks();
  }

  /** Sends a client's call, with ' in place of ". */
  public Told call(Client client, String method, String params) {
    Told told = new Told();
    call(client, method, params, told);
    return told;
  }

  /** Sends a client's call, with ' in place of ", and says where its answer goes. */
  public void call(Client client, String method, String params, CallSink told) {
    String json =
        ("{'jsonrpc':'2.0','id':1,'method':'" + method + "','params':" + params + "}")
            .replace('\'', '"');
    ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.US_ASCII);
    scanner.reset();
    scanner.feed(body);
    scanner.finish();
    CallStart.run(
        CallStart.prepare(context, new Asker(runtime, client), body, scanner.call(0), told));
  }

  /** JSON text as a tree. */
  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private record Facts(Clients clients) implements ChainFacts {
    @Override
    public long chainId() {
      return 1;
    }

    @Override
    public Holdings holdings() {
      return Holdings.NONE;
    }

    @Override
    public long configuredNanos() {
      return Long.MIN_VALUE / 2;
    }
  }

  private static final class Unheard implements HeadObserver {
    @Override
    public void onOrganicHead(Upstream upstream, long blocks) {}

    @Override
    public void onOrganicAnswer(Upstream upstream) {}
  }

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
