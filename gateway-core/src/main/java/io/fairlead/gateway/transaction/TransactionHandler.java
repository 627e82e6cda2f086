package io.fairlead.gateway.transaction;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.jsonrpc.RawTransactions;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Sends transactions to several upstreams at once, and counts them over several.
 *
 * <p>Raw transactions become a {@link Broadcast}, the pending number of an account's transactions
 * is taken from a {@link Highest}, and everything else goes to the next handler.
 *
 * <p>Thread-safety: stateless; one for a chain, called on all event loops.
 */
public final class TransactionHandler implements CallHandler {
  private static final String RAW_SENDS = "eth_sendRawTransaction";
  private static final String COUNT = "eth_getTransactionCount";
  private static final byte[] PENDING = "\"pending\"".getBytes(StandardCharsets.US_ASCII);

  private final CallHandler next;
  private final Means means;

  /**
   * What transactions are sent by.
   *
   * @param rules who gets them
   * @param outbox keeps what is accepted; null for none
   * @param time the time of day
   * @param observer counts
   */
  public record Means(
      TransactionRules rules,
      @Nullable Outbox outbox,
      InstantSource time,
      TransactionObserver observer) {
    Means withoutOutbox() {
      return new Means(rules, null, time, observer);
    }
  }

  /**
   * A handler.
   *
   * @param next answers everything else
   * @param means by which transactions are sent
   */
  public TransactionHandler(CallHandler next, Means means) {
    this.next = next;
    this.means = means;
  }

  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    return switch (message.spec().dispatch()) {
      case BROADCAST -> broadcast(call, message, sink);
      case MAX -> highest(call, message, sink);
      default ->
          means.rules().isSelective() && message.spec().name().startsWith(RAW_SENDS)
              ? oneByOne(call, message, sink)
              : next.start(call, message, sink);
    };
  }

  private ActiveAnswer broadcast(Call call, CallMessage message, AnswerSink sink) {
    byte[] raw = RawTransactions.bytes(message.body(), message.spans());
    String hash = raw == null ? null : RawTransactions.hash(raw);
    if (raw == null || hash == null) {
      return oneByOne(call, message, sink); // an upstream says what is wrong with it
    }
    boolean isKept = message.spec().name().equals(RAW_SENDS);
    Means used = isKept ? means : means.withoutOutbox();
    Broadcast broadcast = new Broadcast(call, message, sink, new Broadcast.Sent(raw, hash), used);
    broadcast.start();
    return broadcast;
  }

  private ActiveAnswer oneByOne(Call call, CallMessage message, AnswerSink sink) {
    Question question = call.ask(message.retain(), means.rules().demand(), sink);
    question.start();
    return question;
  }

  private ActiveAnswer highest(Call call, CallMessage message, AnswerSink sink) {
    if (!isPending(message)) {
      return next.start(call, message, sink);
    }
    boolean isOfAnAccount = message.spec().name().equals(COUNT);
    Highest highest = new Highest(call, message, sink, isOfAnAccount ? means.outbox() : null);
    highest.start();
    return highest;
  }

  private static boolean isPending(CallMessage message) {
    int start = message.spans().parameterStart(1);
    if (start < 0 || message.spans().parameterLength(1) != PENDING.length) {
      return false;
    }
    ByteBuf body = message.body();
    for (int i = 0; i < PENDING.length; i++) {
      if (body.getByte(start + i) != PENDING[i]) {
        return false;
      }
    }
    return true;
  }
}
