package io.fairlead.jmh;

import io.fairlead.gateway.cache.AnswerStore;
import io.fairlead.gateway.cache.CacheHandler;
import io.fairlead.gateway.cache.CacheObserver;
import io.fairlead.gateway.cache.ChainCache;
import io.fairlead.gateway.cache.ChainView;
import io.fairlead.gateway.cache.ClientTerms;
import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.CallSink;
import io.fairlead.gateway.call.CallStart;
import io.fairlead.gateway.call.ChainFacts;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.HeadObserver;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.Clients;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.metrics.BuildFacts;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.Transport;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.PursuitPolicy;
import io.fairlead.routing.table.Picker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a hit costs from the scanned body to the answer's buffer, and the same call without a cache
 * before an upstream that answers at once; the difference of requests of different length is the
 * key's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CacheBenchmark {
  /** How long the data of the call is, in bytes. */
  @Param({"32", "4096"})
  public int dataBytes = 32;

  /** How long the result is, in bytes. */
  @Param({"32", "65536"})
  public int resultBytes = 32;

  private EventLoops loops = new EventLoops(Transport.choose("nio"), 1, "bench");
  private final Sink sink = new Sink();
  private final Client client = new Client(Client.NOTHING);
  private final byte[] window = new byte[RequestScanner.WINDOW_BYTES];
  private final RequestScanner scanner = new RequestScanner(1, 64, window);
  private ByteBuf body = Unpooled.EMPTY_BUFFER;
  private byte[] result = {};
  private LoopContext loop = context();
  private ChainRuntime cached = chain(true);
  private ChainRuntime plain = chain(false);

  private LoopContext context() {
    return new LoopContext(
        loops.loop(0),
        new Picker(new SplittableRandom(1)),
        upstream -> null,
        AnswerClassifier.evm());
  }

  private ChainRuntime chain(boolean caching) {
    MethodSpecs specs = MethodSpecs.evm();
    ChainCache cache = new ChainCache(new AnswerStore(64 << 20), Head::new, CacheObserver.NONE);
    return new ChainRuntime(
        "ethereum",
        new ChainRuntime.Parts(
            new Fleet(3).router(),
            List.of(),
            new GatewayMetrics(new BuildFacts("1", "nio", 1), List::of).chain("ethereum"),
            new NoHeads(),
            new NoFacts(new Clients(1))),
        new PursuitPolicy(1_000_000_000, 3, false),
        new ChainRuntime.Rules(
            MethodPolicy.ofChain(specs, List.of(), List.of()),
            false,
            3,
            caching ? new CacheHandler(cache, ClientTerms.NONE, this::answer, 1) : this::answer));
  }

  private ActiveAnswer answer(Call call, CallMessage message, AnswerSink hearer) {
    int start = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":".length();
    ByteBuf bytes = loop.alloc().ioBuffer(result.length).writeBytes(result);
    hearer.onWhole(WholeAnswer.ofUpstream(CallOutcome.OK, bytes, start, result.length - start - 1));
    return call;
  }

  /** Makes the request and puts its answer into the cache. */
  @Setup
  public void prepare() {
    String data = "5a".repeat(dataBytes);
    String text =
        "{\"jsonrpc\":\"2.0\",\"id\":42,\"method\":\"eth_call\",\"params\":[{\"to\":"
            + "\"0x5FbDB2315678afecb367f032d93F642f64180aa3\",\"data\":\"0x"
            + data
            + "\"},\"0x10\"]}";
    body = Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    result =
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x" + "7".repeat(resultBytes) + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    hit();
  }

  /** Ends the loop. */
  @TearDown
  public void close() {
    body.release();
    loops.close();
  }

  /**
   * A call that was answered before.
   *
   * @return the length of its answer
   */
  @Benchmark
  public int hit() {
    return call(cached);
  }

  /**
   * A call that is answered at once by what stands behind, which copies its result.
   *
   * @return the length of its answer
   */
  @Benchmark
  public int withoutCache() {
    return call(plain);
  }

  private int call(ChainRuntime chain) {
    scanner.reset();
    scanner.feed(body);
    scanner.finish();
    Asker asker = new Asker(chain, client);
    CallStart.run(CallStart.prepare(loop, asker, body.retain(), scanner.call(0), sink));
    return sink.length;
  }

  private static final class Sink implements CallSink {
    private int length;

    @Override
    public void onWhole(Call call, int httpStatus, ByteBuf answer) {
      length = answer.readableBytes();
      answer.release();
    }

    @Override
    public void onStart(Call call, long lengthBytes) {}

    @Override
    public void onChunk(Call call, ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void onEnd(Call call) {}

    @Override
    public void onBroken(Call call) {}

    @Override
    public void onNothing(Call call) {}
  }

  private record Head() implements ChainView {
    @Override
    public long headNumber() {
      return 100;
    }

    @Override
    public String headHash() {
      return "0x1";
    }

    @Override
    public long finalizedNumber() {
      return 90;
    }

    @Override
    public String hashOf(long number) {
      return "0x1";
    }

    @Override
    public long numberOf(String hash) {
      return UNKNOWN;
    }
  }

  private record NoHeads() implements HeadObserver {
    @Override
    public void onOrganicHead(Upstream upstream, long blocks) {}

    @Override
    public void onOrganicAnswer(Upstream upstream) {}
  }

  private record NoFacts(Clients clients) implements ChainFacts {
    @Override
    public long chainId() {
      return 1;
    }

    @Override
    public long configuredNanos() {
      return 0;
    }
  }
}
