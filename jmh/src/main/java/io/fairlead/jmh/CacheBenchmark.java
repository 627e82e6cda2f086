package io.fairlead.jmh;

import io.fairlead.gateway.cache.AnswerStore;
import io.fairlead.gateway.cache.CacheHandler;
import io.fairlead.gateway.cache.CacheObserver;
import io.fairlead.gateway.cache.ChainCache;
import io.fairlead.gateway.cache.ChainView;
import io.fairlead.gateway.cache.ClientTerms;
import io.fairlead.gateway.call.ChainRuntime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
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

  private final CallRig rig = new CallRig();
  private final ChainRuntime cached =
      rig.chain(new CacheHandler(cache(), ClientTerms.NONE, rig::answer, 1));
  private final ChainRuntime plain = rig.chain(rig::answer);
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  private static ChainCache cache() {
    return new ChainCache(new AnswerStore(64 << 20), Head::new, CacheObserver.NONE);
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
    rig.setResult("\"0x" + "7".repeat(resultBytes) + '"');
    hit();
  }

  /** Ends the loop. */
  @TearDown
  public void close() {
    body.release();
    rig.close();
  }

  /**
   * A call that was answered before.
   *
   * @return the length of its answer
   */
  @Benchmark
  public int hit() {
    return rig.call(cached, body);
  }

  /**
   * A call that is answered at once by what stands behind, which copies its result.
   *
   * @return the length of its answer
   */
  @Benchmark
  public int withoutCache() {
    return rig.call(plain, body);
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
}
