package io.fairlead.gateway.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.OwnCalls;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
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
   * @param hashes the agreed hash of its block at a height, null where that is not known
   * @param blockNanos how often a block is expected
   */
  public record Line(
      ChainRuntime open,
      ChainRuntime hidden,
      LongSupplier finalizedBlocks,
      LongFunction<@Nullable String> hashes,
      long blockNanos) {}

  /**
   * A voice.
   *
   * @param loops the event loops
   * @param lines how a chain is reached now, by its name; null if it is not served
   * @param control hands over to the control thread
   */
  public CallVoice(
      List<LoopContext> loops, Function<String, @Nullable Line> lines, Executor control) {
    this.loops = loops.stream().map(loop -> new OwnCalls(loop, MAX_ANSWER_BYTES)).toList();
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
  public @Nullable String hashOf(String chain, long block) {
    Line line = lines.apply(chain);
    return line == null ? null : line.hashes().apply(block);
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
    loop.loop()
        .execute(() -> loop.ask(chain, method, params, answer -> tell(hearer, result(answer))));
  }

  private void tell(Consumer<@Nullable JsonNode> hearer, @Nullable JsonNode result) {
    control.execute(() -> hearer.accept(result));
  }

  private static @Nullable JsonNode result(byte @Nullable [] answer) {
    try {
      return answer == null ? null : JSON.readTree(answer).get("result");
    } catch (IOException e) {
      return null; // what an upstream calls an answer
    }
  }

  /** Abandons the calls under way; their hearers hear nothing. */
  public void stop() {
    for (OwnCalls loop : loops) {
      loop.loop().execute(loop::stop);
    }
  }
}
