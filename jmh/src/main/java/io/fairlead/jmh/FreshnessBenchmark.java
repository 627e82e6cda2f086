package io.fairlead.jmh;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.freshness.FreshnessHandler;
import io.fairlead.gateway.freshness.HeadBoard;
import io.fairlead.probes.AgreedHeads;
import io.fairlead.probes.RecentBlocks;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Set;
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
 * What keeping the chain from going back costs a call: the difference between the two benchmarks.
 * The answer is there at once, two upstreams are considered for it, and the client knows the head.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FreshnessBenchmark {
  private static final long HEAD = 1_000_000;
  private static final long BLOCK_NANOS = 12_000_000_000L;

  /** What is asked. */
  @Param({"LATEST", "NUMBER", "HEAD", "UNRELATED"})
  public Question question = Question.LATEST;

  private final CallRig rig = new CallRig();
  private final HeadBoard board = new HeadBoard(BLOCK_NANOS, number -> {});
  private final ChainRuntime fresh =
      rig.chain(new FreshnessHandler(this::answer, board, FreshnessHandler.Limits.of(BLOCK_NANOS)));
  private final ChainRuntime plain = rig.chain(this::answer);
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  /** A call and its answer. */
  public enum Question {
    /** State of the newest block, by its tag: the tag becomes a number. */
    LATEST("eth_call", "[{\"to\":\"0x5FbDB2315678afecb367f032d93F642f64180aa3\"},\"latest\"]"),
    /** The same of a block by its number. */
    NUMBER("eth_call", "[{\"to\":\"0x5FbDB2315678afecb367f032d93F642f64180aa3\"},\"0xf4200\"]"),
    /** The newest block's number. */
    HEAD("eth_blockNumber", "[]"),
    /** What has nothing to do with blocks. */
    UNRELATED("web3_sha3", "[\"0x68656c6c6f\"]");

    private final String text;

    Question(String method, String params) {
      text =
          "{\"jsonrpc\":\"2.0\",\"id\":42,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }
  }

  private ActiveAnswer answer(Call call, CallMessage message, AnswerSink hearer) {
    if (call.demand().isSelective()) {
      for (Upstream upstream : rig.upstreams().subList(0, 2)) {
        call.demand().mayAsk(upstream);
      }
    }
    return rig.answer(call, message, hearer);
  }

  /** Makes the request, and agrees on a head that everybody has. */
  @Setup
  public void prepare() {
    body = Unpooled.directBuffer().writeBytes(question.text.getBytes(StandardCharsets.UTF_8));
    rig.setResult("\"0xf4240\"");
    board.publish(new AgreedHeads(HEAD, HEAD - 32, HEAD - 64, RecentBlocks.NONE, Set.of()), 0);
    rig.upstreams().forEach(upstream -> board.onSeen(upstream, HEAD, 0, 0));
  }

  /** Ends the loop. */
  @TearDown
  public void close() {
    body.release();
    rig.close();
  }

  /**
   * A call that is answered from no block older than the client knows.
   *
   * @return the length of its answer
   */
  @Benchmark
  public int fresh() {
    return rig.call(fresh, body);
  }

  /**
   * The same call without that care.
   *
   * @return the length of its answer
   */
  @Benchmark
  public int plain() {
    return rig.call(plain, body);
  }
}
