package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One question that a filter asks on a client's behalf, and its answer, gathered whole.
 *
 * <p>The question has the client's id, so that an error can be passed on as it came.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: owns its message until it ends.
 */
final class Inquiry implements ActiveAnswer, AnswerSink {
  /** The longest answer that is gathered. */
  static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final int MOST_COMPONENTS = 4096;

  private final Call call;
  private final CallMessage message;
  private final Reply reply;
  private @Nullable ActiveAnswer answering;
  private @Nullable CompositeByteBuf gathered;
  private boolean ended;

  /** Hears of the answer, once. */
  interface Reply {
    /**
     * A result.
     *
     * @param value its JSON, lent
     * @param by who gave it, if one upstream did
     */
    void onResult(ByteBuf value, @Nullable Upstream by);

    /**
     * No result.
     *
     * @param error an answer with the client's id, to be released; null if the result is too long
     *     to be gathered or broke off
     */
    void onError(@Nullable WholeAnswer error);
  }

  private Inquiry(Call call, CallMessage message, Reply reply) {
    this.call = call;
    this.message = message;
    this.reply = reply;
  }

  /**
   * Asks as a client would.
   *
   * @param method the method
   * @param params its parameters, JSON without the brackets
   * @return the inquiry; the reply may have been heard already
   */
  static Inquiry ask(Call call, String method, String params, Reply reply) {
    Inquiry inquiry = new Inquiry(call, message(call, method, params), reply);
    inquiry.begin(i -> call.chain().handler().start(call, i.message, i));
    return inquiry;
  }

  /**
   * Asks upstreams that fit a demand.
   *
   * @param method the method
   * @param params its parameters, JSON without the brackets
   * @return the inquiry; the reply may have been heard already
   */
  static Inquiry ask(Call call, String method, String params, Demand demand, Reply reply) {
    Inquiry inquiry = new Inquiry(call, message(call, method, params), reply);
    inquiry.begin(
        i -> {
          Question question = call.ask(i.message.retain(), demand, i);
          question.start();
          return question;
        });
    return inquiry;
  }

  /** Whether the reply has been heard, or never will be. */
  boolean isEnded() {
    return ended;
  }

  private void begin(Function<Inquiry, ActiveAnswer> start) {
    ActiveAnswer started = start.apply(this);
    if (!ended) {
      answering = started;
    }
  }

  private static CallMessage message(Call call, String method, String params) {
    CallMessage asked = call.message();
    CallSpans spans = asked.spans();
    ByteBuf body = call.loop().alloc().buffer();
    ByteBufUtil.writeAscii(body, "{\"jsonrpc\":\"2.0\",\"id\":");
    body.writeBytes(asked.body(), spans.idStart(), spans.idLength());
    ByteBufUtil.writeAscii(body, ",\"method\":\"" + method + "\",\"params\":[");
    ByteBufUtil.writeUtf8(body, params);
    ByteBufUtil.writeAscii(body, "]}");
    return call.loop().toMessage(call.chain(), body);
  }

  @Override
  public void abandon() {
    if (!ended) {
      end();
      ActiveAnswer current = answering;
      if (current != null) {
        current.abandon();
      }
    }
  }

  private void end() {
    ended = true;
    message.release();
    ByteBuf present = gathered;
    gathered = null;
    if (present != null) {
      present.release();
    }
  }

  @Override
  public void setReading(boolean on) {}

  @Override
  public void onWhole(WholeAnswer answer) {
    end();
    if (answer.outcome() != CallOutcome.OK) {
      reply.onError(answer);
      return;
    }
    Upstream by = answer.by();
    ByteBuf bytes = answer.take();
    hand(bytes, by);
  }

  @Override
  public void onStart(long lengthBytes) {}

  @Override
  public void onChunk(ByteBuf chunk) {
    if (ended) {
      chunk.release();
      return;
    }
    CompositeByteBuf present = gathered;
    if (present == null) {
      present = call.loop().alloc().compositeBuffer(MOST_COMPONENTS);
      gathered = present;
    }
    present.addComponent(true, chunk);
    if (present.readableBytes() > MOST_BYTES) {
      abandon();
      reply.onError(null);
    }
  }

  @Override
  public void onEnd() {
    ByteBuf whole = gathered;
    gathered = null;
    end();
    if (whole == null) {
      reply.onError(null);
    } else {
      hand(whole, null);
    }
  }

  @Override
  public void onBroken() {
    end();
    reply.onError(null);
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    end();
    reply.onError(null);
  }

  private void hand(ByteBuf answer, @Nullable Upstream by) {
    ByteBuf copy = call.loop().alloc().heapBuffer(answer.readableBytes()).writeBytes(answer);
    answer.release();
    int start = resultStart(copy);
    if (start < 0) {
      copy.release();
      reply.onError(null);
      return;
    }
    int end = JsonSkip.value(copy, start, copy.writerIndex());
    try {
      reply.onResult(copy.slice(start, end - start), by);
    } finally {
      copy.release();
    }
  }

  private static int resultStart(ByteBuf answer) {
    byte[] name = JsonSkip.ascii("result");
    int end = answer.writerIndex();
    int at = JsonSkip.nextKey(answer, answer.readerIndex() + 1, end);
    while (at >= 0) {
      int keyEnd = JsonSkip.value(answer, at, end);
      int valueStart = JsonSkip.space(answer, JsonSkip.space(answer, keyEnd, end) + 1, end);
      if (JsonSkip.isKey(answer, at, keyEnd, name)) {
        return valueStart;
      }
      at = JsonSkip.nextKey(answer, JsonSkip.value(answer, valueStart, end), end);
    }
    return -1;
  }
}
