package io.fairlead.gateway.transaction;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Ballot;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.HeldAnswer;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.call.Vote;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Blame;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks several upstreams whether one of them has a transaction, pooled or mined.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class Presence implements Demand, Ballot, AnswerSink {
  private static final int WIDTH = 3;
  private static final Vote ABSENT = new Vote(Vote.Kind.STANDS, 1);

  private final Call call;
  private final String hash;
  private final Consumer<@Nullable Upstream> hearer;
  private @Nullable Question question;
  private @Nullable Upstream finder;

  /**
   * A question that has not begun.
   *
   * @param call on whose behalf
   * @param hash the transaction's
   * @param hearer hears who has it; null if nobody says so
   */
  Presence(Call call, String hash, Consumer<@Nullable Upstream> hearer) {
    this.call = call;
    this.hash = hash;
    this.hearer = hearer;
  }

  /** The question, not started yet; to be asked for once. */
  Question ask() {
    String json =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getTransactionByHash\",\"params\":[\""
            + hash
            + "\"]}";
    ByteBuf body = ByteBufUtil.writeAscii(call.loop().alloc(), json);
    Question asked = call.ask(call.loop().toMessage(call.chain(), body), this, this);
    question = asked;
    return asked;
  }

  @Override
  public Ballot ballot() {
    return this;
  }

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public Vote vote(Upstream by, Verdict verdict, HeldAnswer answer) {
    if (verdict.blame() == Blame.NONE && answer.isResult() && !answer.isNullResult()) {
      finder = by;
      return Vote.DECIDES;
    }
    return answer.isNullResult() ? ABSENT : Vote.NOTHING;
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    answer.release();
    hearer.accept(finder);
  }

  /** So long an answer is a transaction. */
  @Override
  public void onStart(long lengthBytes) {
    finder = question == null ? null : question.streamedBy();
  }

  @Override
  public void onChunk(ByteBuf chunk) {
    chunk.release();
  }

  @Override
  public void onEnd() {
    hearer.accept(finder);
  }

  @Override
  public void onBroken() {
    hearer.accept(finder);
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    hearer.accept(null);
  }
}
