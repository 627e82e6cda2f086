package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call about filters while it is answered: a series of inquiries and one answer.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
abstract class Poll implements ActiveAnswer {
  private static final int END_BYTES = 2;

  private final Call call;
  private final CallMessage message;
  private final AnswerSink sink;
  private @Nullable Inquiry asking;
  private boolean ended;

  Poll(Call call, CallMessage message, AnswerSink sink) {
    this.call = call;
    this.message = message;
    this.sink = sink;
  }

  /** Begins; the sink may hear of the end before this returns. */
  abstract void run();

  /** It is over, however it ended; called once. */
  void onEnded() {}

  final Call call() {
    return call;
  }

  final long nanoTime() {
    return call.loop().nanoTime();
  }

  /** Hears of a block that was asked for. */
  interface BlockReply {
    /**
     * What came.
     *
     * @param block null if the chain has no such block
     */
    void onBlock(@Nullable BlockRef block);
  }

  /** Asks for a block; an error ends the call. */
  final void askBlock(String which, BlockReply reply) {
    ask(
        "eth_getBlockByNumber",
        '"' + which + "\",false",
        (value, by) -> reply.onBlock(BlockRef.of(value)));
  }

  static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  /** Hears of a result. */
  interface ResultReply {
    /**
     * What came.
     *
     * @param value its JSON, lent
     * @param by who gave it, if one upstream did
     */
    void onResult(ByteBuf value, @Nullable Upstream by);
  }

  /** Asks as a client would; an error ends the call. */
  final void ask(String method, String params, ResultReply reply) {
    note(Inquiry.ask(call, method, params, failing(reply)));
  }

  final void note(Inquiry started) {
    if (!started.isEnded()) {
      asking = started;
    }
  }

  final Inquiry.Reply failing(ResultReply reply) {
    return new Inquiry.Reply() {
      @Override
      public void onResult(ByteBuf value, @Nullable Upstream by) {
        if (!ended) {
          reply.onResult(value, by);
        }
      }

      @Override
      public void onError(@Nullable WholeAnswer error) {
        fail(error);
      }
    };
  }

  final boolean isEnded() {
    return ended;
  }

  /** Ends with an array of what is to be told. */
  final void answerArray(List<String> elements) {
    ByteBuf whole = message.toResult(call.loop().alloc(), "[]");
    whole.writerIndex(whole.writerIndex() - END_BYTES);
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        whole.writeByte(',');
      }
      ByteBufUtil.writeUtf8(whole, elements.get(i));
    }
    whole.writeByte(']').writeByte('}');
    end(WholeAnswer.own(CallOutcome.OK, 200, whole));
  }

  /** Ends with a result. */
  final void answer(String json) {
    end(WholeAnswer.own(CallOutcome.OK, 200, message.toResult(call.loop().alloc(), json)));
  }

  /** Ends with an error of the gateway's own. */
  final void refuse(int code, int httpStatus, String text) {
    ByteBuf bytes = message.toError(call.loop().alloc(), code, text);
    end(WholeAnswer.own(CallOutcome.REFUSED, httpStatus, bytes));
  }

  /** Ends with an error that came; without one, because what came was broken or too long. */
  final void fail(@Nullable WholeAnswer error) {
    if (ended) {
      if (error != null) {
        error.release();
      }
    } else if (error == null) {
      refuse(GatewayErrors.UNAVAILABLE, 503, "an upstream's answer broke off or was too long");
    } else {
      end(error);
    }
  }

  private void end(WholeAnswer answer) {
    close();
    sink.onWhole(answer);
  }

  private void close() {
    ended = true;
    Inquiry open = asking;
    asking = null;
    if (open != null) {
      open.abandon();
    }
    onEnded();
  }

  @Override
  public void abandon() {
    if (!ended) {
      close();
    }
  }

  @Override
  public void setReading(boolean on) {}
}
