package io.fairlead.gateway.transaction;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Ballot;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.FurtherDemand;
import io.fairlead.gateway.call.HeldAnswer;
import io.fairlead.gateway.call.PassedAnswer;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.call.Vote;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Blame;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The number of an account's next transaction, pending ones included: the highest that several
 * upstreams give.
 *
 * <p>No pool knows all pending transactions. A number that is too low makes a wallet replace its
 * own transaction, one that is too high cannot come about: a pool counts only what it has. So the
 * highest is the best answer, and one answer alone is worth little.
 *
 * <p><b>Waiting.</b> Once the first has answered, the others have as long again, at least {@link
 * #MIN_WAIT_NANOS} and at most {@link #MAX_WAIT_NANOS}: a mute one delays nobody. Transactions of
 * the account that wait in the outbox count too, as far as they follow without a gap.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class Highest extends PassedAnswer implements Ballot {
  /** How many are asked. */
  static final int WIDTH = 3;

  /** How long the others have at the least, in nanoseconds. */
  static final long MIN_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long the others have at the most, in nanoseconds. */
  static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final int LONGEST_QUANTITY = 18;
  private static final int ADDRESS_LENGTH = 44;

  private final Call call;
  private final CallMessage message;
  private final @Nullable Outbox outbox;
  private final long startNanos;
  private @Nullable Question question;
  private boolean isWaiting;

  Highest(Call call, CallMessage message, AnswerSink sink, @Nullable Outbox outbox) {
    super(sink);
    this.call = call;
    this.message = message;
    this.outbox = outbox;
    this.startNanos = call.loop().nanoTime();
  }

  void start() {
    Question asked = call.ask(message.retain(), new Asking(call.demand()), this);
    question = asked;
    follow(asked);
    asked.start();
  }

  /** What the call demands, of several upstreams. */
  private final class Asking extends FurtherDemand {
    Asking(Demand ofCall) {
      super(ofCall);
    }

    @Override
    public Ballot ballot() {
      return Highest.this;
    }
  }

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public Vote vote(Upstream by, Verdict verdict, HeldAnswer answer) {
    long number = verdict.blame() == Blame.NONE && answer.isResult() ? number(answer) : -1;
    if (number < 0 && verdict.blame() != Blame.CLIENT) {
      return new Vote(Vote.Kind.ELSEWHERE, 0);
    }
    Question voting = question;
    if (!isWaiting && voting != null) {
      isWaiting = true;
      long tookNanos = call.loop().nanoTime() - startNanos;
      long waitNanos = Math.max(MIN_WAIT_NANOS, Math.min(MAX_WAIT_NANOS, tookNanos));
      call.loop().schedule(voting::conclude, waitNanos);
    }
    return new Vote(Vote.Kind.STANDS, 2 + number);
  }

  private static long number(HeldAnswer answer) {
    ByteBuf bytes = answer.bytes();
    return quantity(bytes, bytes.readerIndex() + answer.valueStart());
  }

  /** A quantity in quotes, or -1. */
  private static long quantity(ByteBuf bytes, int at) {
    int start = at + 1;
    int most = Math.min(bytes.writerIndex(), start + LONGEST_QUANTITY + 1);
    int end = start < most ? bytes.indexOf(start, most, (byte) '"') : -1;
    return end < 0 ? -1 : HexQuantity.parse(bytes, start, end - start);
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    question = null;
    Outbox kept = outbox;
    String sender = kept == null || !answer.hasUpstreamResult() ? null : sender();
    if (kept == null || sender == null) {
      super.onWhole(answer);
      return;
    }
    ByteBuf bytes = answer.bytes();
    long number = quantity(bytes, bytes.readerIndex() + answer.valueStart());
    long next = number < 0 ? number : kept.nextNonce(call.chain().name(), sender, number);
    super.onWhole(next > number ? own(answer, next) : answer);
  }

  private WholeAnswer own(WholeAnswer replaced, long number) {
    replaced.release();
    String json = "\"0x" + Long.toHexString(number) + '"';
    return WholeAnswer.own(CallOutcome.OK, 200, message.toResult(call.loop().alloc(), json));
  }

  /** The account that is asked about, as the outbox knows it; null if it is none. */
  private @Nullable String sender() {
    int start = message.spans().parameterStart(0);
    if (start < 0 || message.spans().parameterLength(0) != ADDRESS_LENGTH) {
      return null;
    }
    return message
        .body()
        .toString(start + 1, ADDRESS_LENGTH - 2, StandardCharsets.US_ASCII)
        .toLowerCase(Locale.ROOT);
  }
}
