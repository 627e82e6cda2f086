package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.gateway.upstream.ExchangeFailure;
import io.fairlead.gateway.upstream.ExchangeListener;
import io.fairlead.gateway.upstream.UpstreamExchange;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.AttemptKind;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * One try at a question with one upstream: collects the answer until it is whole or too long to be
 * held, then hands it to its {@link Question} piece by piece.
 *
 * <p>An answer is held because a failure that shows before the client has seen a byte can still be
 * mended elsewhere.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: owns what it holds until the
 * question takes it.
 */
final class Attempt implements ExchangeListener {
  /** An answer longer than this many bytes is passed on while it arrives. */
  static final int HOLD_BYTES = 128 * 1024;

  /** An answer of which nobody knows yet what it is, an error most likely, is held for longer. */
  private static final int UNDECIDED_BYTES = 1024 * 1024;

  private final Question question;
  private final Upstream upstream;
  private final UpstreamLink link;
  private final AttemptKind kind;
  private final long startNanos;
  private final HeldAnswer answer;

  private @Nullable UpstreamExchange exchange;
  private long lastByteNanos;
  private boolean inFlight = true;
  private boolean overdue;
  private boolean streaming;
  private boolean beaten;

  @Nullable Attempt next;
  @Nullable Attempt previous;

  Attempt(
      Question question, Upstream upstream, UpstreamLink link, AttemptKind kind, long startNanos) {
    this.question = question;
    this.upstream = upstream;
    this.link = link;
    this.kind = kind;
    this.startNanos = startNanos;
    this.lastByteNanos = startNanos;
    this.answer = question.loop().borrowAnswer();
  }

  /** Sends the request; takes over one reference. */
  void send(ByteBuf request) {
    exchange = link.port().post(request, question.message(), this);
  }

  @Override
  public void onHead(int status, HttpHeaders headers, long contentLength) {
    lastByteNanos = question.nanoTime();
    answer.onHead(status, headers, contentLength);
  }

  @Override
  public void onContent(ByteBuf chunk) {
    lastByteNanos = question.nanoTime();
    if (!inFlight) {
      chunk.release();
    } else if (streaming) {
      question.onStreamed(chunk);
    } else {
      answer.append(chunk);
      int limit = answer.isDecided() ? HOLD_BYTES : UNDECIDED_BYTES;
      if (answer.heldBytes() > limit) {
        question.onTooLongToHold(this);
      }
    }
  }

  @Override
  public void onComplete() {
    if (inFlight) {
      if (streaming) {
        question.onStreamEnd(this);
      } else {
        answer.onComplete();
        question.onAnswer(this);
      }
    }
  }

  @Override
  public void onFailure(ExchangeFailure failure) {
    if (inFlight) {
      question.onFailure(this, failure);
    }
  }

  /** Makes known what its answer says of what its upstream holds. */
  void teach(Verdict verdict) {
    CallMessage message = question.message();
    MethodSpec method = message.spec();
    switch (verdict.kind()) {
      case ANSWERED -> link.noteAnswered(method);
      case METHOD_MISSING, METHOD_REFUSED -> {
        if (link.hasAnswered(method)) {
          return;
        }
      }
      default -> {}
    }
    boolean isNull = verdict.equals(Verdict.ANSWERED) && answer.isNullResult();
    Verdict learnt = isNull ? Verdict.ANSWERED_NULL : verdict;
    ChainRuntime chain = question.chain();
    chain.holdings().onAnswer(upstream, message, learnt, chain.table(), question.nanoTime());
  }

  /** The attempt is over, however it ended; drops what it still holds. To be called once. */
  void end() {
    inFlight = false;
    question.loop().giveBack(answer);
  }

  /** Gives the attempt up while the upstream is still at it. */
  void cancel() {
    if (exchange != null) {
      exchange.cancel();
    }
  }

  void setReading(boolean on) {
    if (exchange != null) {
      exchange.setReading(on);
    }
  }

  void startStreaming() {
    streaming = true;
  }

  boolean isStreaming() {
    return streaming;
  }

  /** Another attempt has answered the call; see {@link Attempts#onWon}. */
  void setBeaten() {
    beaten = true;
  }

  boolean isBeaten() {
    return beaten;
  }

  boolean isInFlight() {
    return inFlight;
  }

  /** Notes that the attempt is overdue; true the first time. */
  boolean tryMarkOverdue() {
    boolean first = !overdue;
    overdue = true;
    return first;
  }

  boolean isOverdue() {
    return overdue;
  }

  Question question() {
    return question;
  }

  Upstream upstream() {
    return upstream;
  }

  UpstreamLink link() {
    return link;
  }

  AttemptKind kind() {
    return kind;
  }

  long startNanos() {
    return startNanos;
  }

  long lastByteNanos() {
    return lastByteNanos;
  }

  HeldAnswer answer() {
    return answer;
  }
}
