package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.RawTransactions;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.evidence.AttemptResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Makes sending the same transaction twice as good as sending it once.
 *
 * <p>A transaction is its hash: whoever answers "already known" has it, which is all that the
 * sender wants. "Nonce too low" says either that this very transaction is in already, because an
 * earlier attempt got through although its answer did not, or that another one took its place; the
 * network is asked which.
 */
final class SentTransactions {
  private static final String SEND = "eth_sendRawTransaction";

  private SentTransactions() {}

  /**
   * Takes an error in hand if it may mean success.
   *
   * @return whether it did; the call then ends here
   */
  static boolean tryResolve(Question call, CallMessage message, Attempt attempt, Verdict verdict) {
    boolean known = verdict.kind() == Verdict.Kind.ALREADY_KNOWN;
    if (!known && verdict.kind() != Verdict.Kind.NONCE_TOO_LOW) {
      return false;
    }
    String hash =
        message.spec().name().equals(SEND)
            ? RawTransactions.hash(message.body(), message.spans())
            : null;
    if (hash == null) {
      return false;
    }
    Upstream upstream = attempt.upstream();
    if (known) {
      call.settle(attempt, AttemptResult.SUCCESS);
      call.deliverOwn(upstream, message.toResult(call.loop().alloc(), quoted(hash)));
    } else {
      call.keepFallback(attempt, CallOutcome.CLIENT_ERROR);
      call.settle(attempt, AttemptResult.CLIENT_ERROR);
      call.startInquiry(question(call, hash), new Confirmation(call, message, upstream, hash));
    }
    return true;
  }

  private static CallMessage question(Question call, String hash) {
    String json =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getTransactionByHash\",\"params\":["
            + quoted(hash)
            + "]}";
    ByteBuf body = ByteBufUtil.writeAscii(call.loop().alloc(), json);
    return call.loop().toMessage(call.chain(), body);
  }

  private static String quoted(String hash) {
    return '"' + hash + '"';
  }

  /** Hears whether the network has the transaction. */
  private static final class Confirmation implements AnswerSink {
    private final Question call;
    private final CallMessage message;
    private final Upstream upstream;
    private final String hash;

    Confirmation(Question call, CallMessage message, Upstream upstream, String hash) {
      this.call = call;
      this.message = message;
      this.upstream = upstream;
      this.hash = hash;
    }

    @Override
    public void onWhole(WholeAnswer whole) {
      HeldAnswer held = call.loop().borrowAnswer();
      held.append(whole.take());
      held.onComplete();
      settle(held.isResult() && !held.isNullResult());
      call.loop().giveBack(held);
    }

    @Override
    public void onStart(long lengthBytes) {}

    @Override
    public void onChunk(ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void onEnd() {
      settle(true);
    }

    @Override
    public void onBroken() {
      settle(false);
    }

    @Override
    public void onNothing(CallOutcome outcome) {
      settle(false);
    }

    private void settle(boolean isIn) {
      if (isIn) {
        call.deliverOwn(upstream, message.toResult(call.loop().alloc(), quoted(hash)));
      } else {
        call.deliverKept();
      }
    }
  }
}
