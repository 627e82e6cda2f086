package io.fairlead.jmh;

import io.fairlead.gateway.jsonrpc.AnswerKind;
import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
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

/** What looking at an upstream's answer costs: at most 300 ns where it is small. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AnswerScanBenchmark {
  /** What the answer is. */
  @Param({"NUMBER", "ONE_KIB", "ID_LAST", "ID_LAST_64K", "REVERT", "OTHER_ERROR", "LONG_ERROR"})
  public Answer answer = Answer.NUMBER;

  private final AnswerScanner scanner = new AnswerScanner(new byte[RequestScanner.WINDOW_BYTES]);
  private final AnswerClassifier classifier = AnswerClassifier.evm();
  private final MethodSpec method = ethCall();
  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

  /** A kind of answer. */
  public enum Answer {
    /** A small number. */
    NUMBER,
    /** A result of one KiB. */
    ONE_KIB,
    /** A number with the id behind it, as some nodes write. */
    ID_LAST,
    /** A large result with the id behind it. */
    ID_LAST_64K,
    /** An error of the first rule. */
    REVERT,
    /** An error that fits no rule and is compared with all of them. */
    OTHER_ERROR,
    /** The same with more text and more data than is looked at. */
    LONG_ERROR;

    String text() {
      return switch (this) {
        case NUMBER -> "{\"jsonrpc\":\"2.0\",\"id\":42,\"result\":\"0x14a8c3f\"}";
        case ONE_KIB -> "{\"jsonrpc\":\"2.0\",\"id\":42,\"result\":\"0x" + "5".repeat(980) + "\"}";
        case ID_LAST -> "{\"jsonrpc\":\"2.0\",\"result\":\"0x14a8c3f\",\"id\":42}";
        case ID_LAST_64K ->
            "{\"jsonrpc\":\"2.0\",\"result\":\"0x" + "5".repeat(65_480) + "\",\"id\":42}";
        case OTHER_ERROR ->
            "{\"jsonrpc\":\"2.0\",\"id\":42,\"error\":{\"code\":-32000,\"message\":"
                + "\"tracer with the name of nothing that anybody has heard of so far\"}}";
        case LONG_ERROR ->
            "{\"jsonrpc\":\"2.0\",\"id\":42,\"error\":{\"code\":-32000,\"message\":\""
                + "tracer with the name of nothing that anybody has heard of. ".repeat(10)
                + "\",\"data\":\"0x"
                + "0123456789abcdef".repeat(10)
                + "\"}}";
        case REVERT ->
            "{\"jsonrpc\":\"2.0\",\"id\":42,\"error\":{\"code\":3,\"message\":"
                + "\"execution reverted: paused\",\"data\":\"0x08c379a0"
                + "0".repeat(192)
                + "\"}}";
      };
    }
  }

  private static MethodSpec ethCall() {
    ByteBuf name = Unpooled.copiedBuffer("eth_call", StandardCharsets.US_ASCII);
    return MethodSpecs.evm().find(name, 0, name.readableBytes());
  }

  /** Makes the answer. */
  @Setup
  public void makeAnswer() {
    bytes.release();
    byte[] text = answer.text().getBytes(StandardCharsets.UTF_8);
    bytes = PooledByteBufAllocator.DEFAULT.directBuffer(text.length).writeBytes(text);
  }

  /** Gives the answer back. */
  @TearDown
  public void release() {
    bytes.release();
    bytes = Unpooled.EMPTY_BUFFER;
  }

  /**
   * A scan as far as the scanner needs to read.
   *
   * @return result or error
   */
  @Benchmark
  public AnswerKind scan() {
    scanner.reset();
    scanner.feed(bytes);
    return scanner.finish();
  }

  /**
   * A scan and the verdict on it: the difference to {@link #scan} is what classification adds, at
   * most 500 ns, and nothing is allocated for a result.
   *
   * @return who is to blame
   */
  @Benchmark
  public Verdict classify() {
    scanner.reset();
    scanner.feed(bytes);
    scanner.finish();
    return classifier.classify(200, scanner, method);
  }
}
