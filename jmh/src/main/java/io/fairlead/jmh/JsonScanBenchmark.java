package io.fairlead.jmh;

import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
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

/** What scanning a client's body costs: 1 GB/s or more where strings prevail, no allocation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class JsonScanBenchmark {
  private static final int MAX_BATCH = 100;
  private static final int MAX_DEPTH = 64;

  /** What the body is. */
  @Param({"BLOCK_NUMBER", "CALL", "CALL_4K", "CALL_1M", "BATCH_100"})
  public Body body = Body.CALL;

  /** Whether the bytes lie outside the heap, as those from a socket do. */
  @Param({"true", "false"})
  public boolean direct = true;

  private final RequestScanner scanner =
      new RequestScanner(MAX_BATCH, MAX_DEPTH, new byte[RequestScanner.WINDOW_BYTES]);
  private final MethodSpecs methods = MethodSpecs.evm();
  private ByteBuf bytes = PooledByteBufAllocator.DEFAULT.heapBuffer(0);

  /** A kind of body. */
  public enum Body {
    /** The smallest call. */
    BLOCK_NUMBER,
    /** An eth_call without arguments. */
    CALL,
    /** An eth_call with 4 KiB of data. */
    CALL_4K,
    /** An eth_call with 1 MiB of data. */
    CALL_1M,
    /** A hundred of them. */
    BATCH_100;

    String text() {
      return switch (this) {
        case BLOCK_NUMBER ->
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_blockNumber\",\"params\":[]}";
        case CALL -> call(8);
        case CALL_4K -> call(4 << 10);
        case CALL_1M -> call(1 << 20);
        case BATCH_100 -> "[" + (call(8) + ",").repeat(MAX_BATCH - 1) + call(8) + "]";
      };
    }

    private static String call(int digits) {
      return "{\"jsonrpc\":\"2.0\",\"id\":42,\"method\":\"eth_call\",\"params\":[{\"to\":"
          + "\"0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2\",\"data\":\"0x"
          + "70a08231".repeat(digits / 8)
          + "\"},\"latest\"]}";
    }
  }

  /** Makes the body. */
  @Setup
  public void makeBody() {
    bytes.release();
    byte[] text = body.text().getBytes(StandardCharsets.UTF_8);
    bytes =
        direct
            ? PooledByteBufAllocator.DEFAULT.directBuffer(text.length)
            : PooledByteBufAllocator.DEFAULT.heapBuffer(text.length);
    bytes.writeBytes(text);
  }

  /** Gives the body back. */
  @TearDown
  public void release() {
    bytes.release();
    bytes = PooledByteBufAllocator.DEFAULT.heapBuffer(0);
  }

  /**
   * A scan of the whole body.
   *
   * @return no fault
   */
  @Benchmark
  public RequestFault scan() {
    scanner.reset();
    scanner.feed(bytes);
    return scanner.finish();
  }

  /**
   * A scan and what the data plane asks of the first call.
   *
   * @return the method, or null if the call needs the head
   */
  @Benchmark
  public boolean scanAndFind() {
    scanner.reset();
    scanner.feed(bytes);
    scanner.finish();
    CallSpans call = scanner.call(0);
    MethodSpec method = methods.find(bytes, call);
    return method.isHeadSensitive(bytes, call);
  }
}
