package io.fairlead.gateway.freshness;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.client.HeadTag;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpec.Shows;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls so that no client sees the chain go back, whichever upstream answers.
 *
 * <p><b>Idea.</b> Each client has a floor: the highest block that it was told of. Calls whose
 * answer shows the head go out as they are, and an answer below the floor is asked for elsewhere.
 * In calls whose answer does not show its block, {@code latest} is made the number of the newest
 * block that the client knows of or that is agreed, and only who has that block is asked; so
 * nothing is left to luck, and identical questions of many clients are identical to the cache
 * inside.
 *
 * <p>A client whose transaction was just accepted reads the newest state, its nonce and the receipt
 * where it was accepted.
 *
 * <p>Where nobody is known to have the block, the call waits a bounded time for somebody, and the
 * heads are looked up at once. On a chain with one upstream nothing is done: what it says is the
 * chain.
 *
 * <p>Cost: a call that has nothing to do with blocks costs a few comparisons. Thread-safety: one
 * for a chain, called on all event loops.
 */
public final class FreshnessHandler implements CallHandler {
  private final CallHandler inner;
  private final HeadBoard board;
  private final BlindReads blindReads;
  private final Resolver resolver;
  private final long patienceNanos;

  /**
   * How long clients wait and are remembered.
   *
   * @param patienceNanos for how long a call waits for somebody who has its block
   * @param holdNanos for how long a client's write pins its reads, unless its receipt was seen
   */
  public record Limits(long patienceNanos, long holdNanos) {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /**
     * The usual limits: a block's time, but three to six seconds; three blocks, but five seconds to
     * a minute.
     *
     * @param blockTimeNanos the chain's usual time between blocks
     */
    public static Limits of(long blockTimeNanos) {
      long patience = Math.max(3 * SECOND_NANOS, Math.min(6 * SECOND_NANOS, blockTimeNanos));
      long hold = Math.max(5 * SECOND_NANOS, Math.min(60 * SECOND_NANOS, 3 * blockTimeNanos));
      return new Limits(patience, hold);
    }
  }

  /**
   * A handler.
   *
   * @param inner answers what is asked
   * @param board where everybody stands
   * @param limits how long to wait and to remember
   */
  public FreshnessHandler(CallHandler inner, HeadBoard board, Limits limits) {
    this.inner = inner;
    this.board = board;
    this.blindReads = new BlindReads(board, limits.holdNanos());
    this.resolver = new Resolver(board, blindReads, limits.holdNanos());
    this.patienceNanos = limits.patienceNanos();
  }

  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    call.setDemand(Demand.NONE); // another question of the same call may have left its own
    if (!isAboutBlocks(message) || call.chain().table().size() < 2) {
      return inner.start(call, message, sink);
    }
    Resolution resolution = resolve(call, message);
    if (resolution == null) {
      return inner.start(call, message, sink);
    }
    Terms terms = resolution.terms();
    FreshDemand demand = new FreshDemand(call, board, blindReads, terms, patienceNanos);
    call.setDemand(demand);
    FreshAnswer answer = new FreshAnswer(call, demand, resolution, sink);
    return answer.start(inner, message);
  }

  private static boolean isAboutBlocks(CallMessage message) {
    MethodSpec spec = message.spec();
    return spec.filter() == MethodSpec.Filter.NONE
        && (message.isHeadSensitive()
            || spec.blockPosition() >= 0
            || spec.logFilterPosition() >= 0);
  }

  private @Nullable Resolution resolve(Call call, CallMessage message) {
    MethodSpec spec = message.spec();
    if (spec.logFilterPosition() >= 0) {
      return resolver.ofLogs(call, message);
    }
    if (spec.blockPosition() >= 0) {
      return resolver.ofBlock(call, message);
    }
    return spec.shows() == Shows.RESULT
        ? resolver.ofHead(call, spec, HeadTag.LATEST)
        : resolver.ofHash(call, message);
  }
}
