package io.fairlead.gateway.transaction;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Ballot;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.HeldAnswer;
import io.fairlead.gateway.call.PassedAnswer;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.call.Vote;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.gateway.transaction.Outbox.Kept;
import io.fairlead.gateway.transaction.TransactionObserver.Ground;
import io.fairlead.routing.Blame;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One raw transaction on its way to several upstreams.
 *
 * <p><b>The vote.</b> The first acceptance answers, and "already known" is one. A rejection waits
 * for the others, for {@link #REJECTION_GRACE_NANOS} at the most: one node's pool or clock may be
 * wrong, and whoever has the transaction in its pool passes it on. What a pool does not want for
 * its own reasons goes elsewhere. If all reject, the error that says most goes to the client as it
 * came.
 *
 * <p><b>Nonce too low</b> is asked about: if the network has this very transaction, it is in.
 *
 * <p><b>The outbox</b>, if there is one, has the transaction on the disk before the client hears of
 * its acceptance. When nobody could be asked, or nobody has said a word in half of the time, it
 * accepts the transaction alone, provided that it is one: a known type, for this chain, with a
 * signature. A transaction of which any upstream has said that it does not want it is not accepted
 * so.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: owns the answer that it holds
 * back.
 */
final class Broadcast extends PassedAnswer implements Demand, Ballot {
  /** How long a rejection waits for an acceptance elsewhere, in nanoseconds. */
  static final long REJECTION_GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Call call;
  private final CallMessage message;
  private final Sent sent;
  private final TransactionHandler.Means means;
  private final List<Upstream> accepting = new ArrayList<>(3);
  private @Nullable Question question;
  private @Nullable WholeAnswer held;
  private boolean isKeptBlindly;
  private boolean isJudged;
  private boolean isRejected;

  /**
   * What is sent.
   *
   * @param raw the transaction
   * @param hash {@code 0x} and 64 digits
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Sent(byte[] raw, String hash) {}

  Broadcast(
      Call call, CallMessage message, AnswerSink sink, Sent sent, TransactionHandler.Means means) {
    super(sink);
    this.call = call;
    this.message = message;
    this.sent = sent;
    this.means = means;
  }

  void start() {
    means.observer().onBroadcast();
    Question asked = call.ask(message.retain(), this, this);
    question = asked;
    follow(asked);
    if (means.outbox() != null && !message.isNotification()) {
      call.loop().schedule(this::onSilence, call.remainingNanos() / 2);
    }
    asked.start();
  }

  @Override
  public boolean mayAsk(Upstream upstream) {
    return means.rules().mayAsk(upstream);
  }

  @Override
  public boolean isSelective() {
    return means.rules().isSelective();
  }

  @Override
  public Ballot ballot() {
    return this;
  }

  @Override
  public int width() {
    return means.rules().width();
  }

  @Override
  public Vote vote(Upstream by, Verdict verdict, HeldAnswer answer) {
    if (isAcceptance(verdict)) {
      noteAccepting(by);
      return Vote.DECIDES;
    }
    isJudged |= isAboutTheTransaction(verdict);
    if (verdict.blame() != Blame.CLIENT) {
      return new Vote(Vote.Kind.ELSEWHERE, rank(verdict));
    }
    Question voting = question;
    if (!isRejected && voting != null) {
      isRejected = true;
      call.loop().schedule(voting::conclude, REJECTION_GRACE_NANOS);
    }
    return new Vote(Vote.Kind.STANDS, rank(verdict));
  }

  private static boolean isAcceptance(Verdict verdict) {
    return verdict.kind() == Verdict.Kind.ALREADY_KNOWN
        || (verdict.blame() == Blame.NONE && verdict.kind() == Verdict.Kind.ANSWERED);
  }

  private static boolean isAboutTheTransaction(Verdict verdict) {
    return switch (verdict.kind()) {
      case POOL_POLICY, TYPE_UNSUPPORTED, METHOD_MISSING, REQUEST_TOO_LARGE -> true;
      default -> verdict.blame() == Blame.CLIENT;
    };
  }

  /** How much an error tells the client of what is wrong with the transaction. */
  private static int rank(Verdict verdict) {
    return switch (verdict.kind()) {
      case NONCE_TOO_LOW -> 7;
      case INSUFFICIENT_FUNDS -> 6;
      case POOL_POLICY -> 3;
      case TYPE_UNSUPPORTED -> 2;
      default ->
          switch (verdict.blame()) {
            case CLIENT -> 5;
            case DATA -> 1;
            case UPSTREAM -> 0;
            default -> -1;
          };
    };
  }

  @Override
  public void onLate(Upstream by, Verdict verdict) {
    if (isAcceptance(verdict)) {
      noteAccepting(by);
    } else if (isAboutTheTransaction(verdict) && !accepting.isEmpty()) {
      means.observer().onOutvoted();
    }
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    question = null;
    if (!accepting.isEmpty()) {
      onAcceptance(answer);
    } else if (answer.kind() == Verdict.Kind.NONCE_TOO_LOW) {
      held = answer;
      Question asked = new Presence(call, sent.hash(), this::onPresence).ask();
      question = asked;
      follow(asked);
      asked.start();
    } else if (isJudged || means.outbox() == null || !isSound()) {
      onRejection(answer);
    } else {
      isKeptBlindly = true;
      keep(answer);
    }
  }

  private void onAcceptance(WholeAnswer answer) {
    if (isJudged) {
      means.observer().onOutvoted();
    }
    if (answer.kind() == Verdict.Kind.ALREADY_KNOWN) {
      answer.release();
      means.observer().onAccepted(Ground.KNOWN);
      keep(hash());
    } else {
      means.observer().onAccepted(Ground.UPSTREAM);
      keep(answer);
    }
  }

  private void onPresence(@Nullable Upstream by) {
    question = null;
    WholeAnswer error = held;
    held = null;
    if (isEnded() || error == null) {
      return;
    }
    if (by == null) {
      onRejection(error);
    } else {
      error.release();
      noteAccepting(by);
      means.observer().onAccepted(Ground.KNOWN);
      keep(hash());
    }
  }

  /** Whoever accepted it knows it from now on, and the client reads there what it wrote. */
  private void noteAccepting(Upstream by) {
    accepting.add(by);
    call.client().onAccepted(sent.hash(), List.of(by), call.loop().nanoTime());
  }

  private void onRejection(WholeAnswer answer) {
    if (isJudged) {
      means.observer().onRejected();
    }
    super.onWhole(answer);
  }

  /** Nobody has answered in half of the time: the outbox can. */
  private void onSilence() {
    Question asked = question;
    boolean isSilent = asked != null && held == null && !isJudged && accepting.isEmpty();
    if (isEnded() || asked == null || !isSilent || !isSound()) {
      return;
    }
    asked.abandon();
    question = null;
    isKeptBlindly = true;
    keep(
        WholeAnswer.own(
            CallOutcome.UNSERVED,
            503,
            message.toError(
                call.loop().alloc(),
                GatewayErrors.UNAVAILABLE,
                "no upstream of " + call.chain().name() + " answers, nor does the outbox's disk")));
  }

  /** Whether it is a transaction that this chain could take, whatever its nodes say. */
  private boolean isSound() {
    SignedTransaction transaction = SignedTransaction.parse(sent.raw());
    if (transaction == null || transaction.sender() == null) {
      return false;
    }
    OptionalLong own = call.chain().chainId();
    return own.isEmpty() || transaction.chainId().isEmpty() || own.equals(transaction.chainId());
  }

  /** Has the disk keep the transaction; the answer goes out then, or at the call's deadline. */
  private void keep(WholeAnswer answer) {
    Outbox outbox = means.outbox();
    if (outbox == null) {
      super.onWhole(answer);
      return;
    }
    held = answer;
    OutboxEntry entry =
        OutboxEntry.of(
            call.chain().name(), sent.raw(), means.rules().isPrivate(), means.time().instant());
    call.loop().schedule(() -> onKept(Kept.FAILED), Math.max(0, call.remainingNanos()));
    outbox.keep(entry, kept -> call.loop().execute(() -> onKept(kept)));
  }

  private void onKept(Kept kept) {
    WholeAnswer answer = held;
    if (isEnded() || answer == null) {
      return;
    }
    held = null;
    if (kept != Kept.YES) {
      means.observer().onNotKept();
    }
    if (isKeptBlindly && kept != Kept.FAILED) {
      answer.release();
      answer = kept == Kept.YES ? hash() : full();
      call.noteAnsweredBy(null);
    }
    if (isKeptBlindly && kept == Kept.YES) {
      means.observer().onAccepted(Ground.OUTBOX);
    }
    super.onWhole(answer);
  }

  private WholeAnswer hash() {
    ByteBuf bytes = message.toResult(call.loop().alloc(), '"' + sent.hash() + '"');
    return WholeAnswer.own(CallOutcome.OK, 200, bytes);
  }

  private WholeAnswer full() {
    String text = "no upstream of " + call.chain().name() + " answers, and the outbox is full";
    ByteBuf bytes = message.toError(call.loop().alloc(), GatewayErrors.LIMIT_EXCEEDED, text);
    return WholeAnswer.own(CallOutcome.SHED, 429, bytes);
  }

  @Override
  protected void release() {
    question = null;
    WholeAnswer dropped = held;
    held = null;
    if (dropped != null) {
      dropped.release();
    }
  }

  /** An answer that goes out while it arrives is past the outbox. */
  @Override
  public void onStart(long lengthBytes) {
    question = null;
    super.onStart(lengthBytes);
  }
}
