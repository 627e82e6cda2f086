package io.fairlead.gateway.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallSink;
import io.fairlead.gateway.call.CallStart;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with chains by calls of the gateway's own, so that they are routed, repeated and taken as
 * evidence like those of clients, on the event loops in turn.
 *
 * <p>Thread-safety: the control thread.
 */
public final class CallVoice implements ChainVoice {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final int MAX_ANSWER_BYTES = 4 << 20;

  private final List<OwnCalls> loops;
  private final Function<String, @Nullable Line> lines;
  private final Executor control;
  private int turn;

  /**
   * How a chain is reached.
   *
   * @param open asks any upstream that is not private
   * @param hidden sends to private upstreams alone
   * @param finalizedBlocks its newest final block, -1 while unknown
   * @param blockNanos how often a block is expected
   */
  public record Line(
      ChainRuntime open, ChainRuntime hidden, LongSupplier finalizedBlocks, long blockNanos) {}

  /**
   * A voice.
   *
   * @param loops the event loops
   * @param lines how a chain is reached now, by its name; null if it is not served
   * @param control hands over to the control thread
   */
  public CallVoice(
      List<LoopContext> loops, Function<String, @Nullable Line> lines, Executor control) {
    this.loops = loops.stream().map(OwnCalls::new).toList();
    this.lines = lines;
    this.control = control;
  }

  @Override
  public @Nullable Standing standing(String chain) {
    Line line = lines.apply(chain);
    return line == null
        ? null
        : new Standing(
            line.open().headBlocks(), line.finalizedBlocks().getAsLong(), line.blockNanos());
  }

  @Override
  public void ask(
      OutboxEntry entry, String method, String params, Consumer<@Nullable JsonNode> hearer) {
    Line line = lines.apply(entry.chain());
    if (line == null) {
      hearer.accept(null);
      return;
    }
    OwnCalls loop = loops.get(Math.floorMod(turn++, loops.size()));
    ChainRuntime chain = entry.isPrivate() ? line.hidden() : line.open();
    String json =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + '}';
    loop.context.execute(() -> loop.start(chain, json, hearer, control));
  }

  /** Abandons the calls under way; their hearers hear nothing. */
  public void stop() {
    for (OwnCalls loop : loops) {
      loop.context.execute(loop::stop);
    }
  }

  /** The calls under way on one event loop, and confined to it. */
  private static final class OwnCalls {
    final LoopContext context;
    private final Set<Call> active = new HashSet<>();
    private boolean isStopped;

    OwnCalls(LoopContext context) {
      this.context = context;
    }

    void start(
        ChainRuntime chain, String json, Consumer<@Nullable JsonNode> hearer, Executor control) {
      if (!isStopped) {
        ByteBuf body = ByteBufUtil.writeAscii(context.alloc(), json);
        Call call = CallStart.own(context, chain, body, new Reply(active, control, hearer));
        active.add(call);
        CallStart.run(call);
      }
    }

    void stop() {
      isStopped = true;
      List.copyOf(active).forEach(Call::abandon);
      active.clear();
    }
  }

  /** Reads the answer and hands it over. */
  private static final class Reply implements CallSink {
    private final Set<Call> active;
    private final Executor control;
    private final Consumer<@Nullable JsonNode> hearer;
    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();

    Reply(Set<Call> active, Executor control, Consumer<@Nullable JsonNode> hearer) {
      this.active = active;
      this.control = control;
      this.hearer = hearer;
    }

    @Override
    public void onWhole(Call call, int httpStatus, ByteBuf answer) {
      byte[] bytes = ByteBufUtil.getBytes(answer);
      answer.release();
      tell(call, result(bytes));
    }

    private static @Nullable JsonNode result(byte[] bytes) {
      try {
        return JSON.readTree(bytes).get("result");
      } catch (IOException e) {
        return null; // what an upstream calls an answer
      }
    }

    private void tell(Call call, @Nullable JsonNode result) {
      active.remove(call);
      control.execute(() -> hearer.accept(result));
    }

    @Override
    public void onStart(Call call, long lengthBytes) {}

    @Override
    public void onChunk(Call call, ByteBuf chunk) {
      if (pieces.size() < MAX_ANSWER_BYTES) {
        pieces.writeBytes(ByteBufUtil.getBytes(chunk));
      }
      chunk.release();
    }

    @Override
    public void onEnd(Call call) {
      tell(call, result(pieces.toByteArray()));
    }

    @Override
    public void onBroken(Call call) {
      tell(call, null);
    }

    @Override
    public void onNothing(Call call) {
      tell(call, null);
    }
  }
}
