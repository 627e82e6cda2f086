package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A whole JSON-RPC answer that carries the asking message's id.
 *
 * <p>Thread-safety: confined to an event loop. Ownership: owns one reference to its bytes until
 * {@link #take} or {@link #release}.
 */
public final class WholeAnswer {
  private static final int UNKNOWN = -1;

  private final CallOutcome outcome;
  private final int httpStatus;
  private final ByteBuf bytes;
  private final int valueStart;
  private final int valueLength;
  private @Nullable Upstream by;
  private Verdict.Kind kind = Verdict.Kind.ANSWERED;

  private WholeAnswer(CallOutcome outcome, int httpStatus, ByteBuf bytes, int start, int length) {
    this.outcome = outcome;
    this.httpStatus = httpStatus;
    this.bytes = bytes;
    this.valueStart = start;
    this.valueLength = length;
  }

  /**
   * What an upstream said.
   *
   * @param bytes the answer; taken over
   * @param valueStart where its result or error begins, counted from the first readable byte
   * @param valueLength how long that is
   */
  public static WholeAnswer ofUpstream(
      CallOutcome outcome, ByteBuf bytes, int valueStart, int valueLength) {
    return new WholeAnswer(outcome, 200, bytes, valueStart, valueLength);
  }

  /**
   * What the gateway says itself.
   *
   * @param httpStatus of the answer if it stands alone
   * @param bytes the answer; taken over
   */
  public static WholeAnswer own(CallOutcome outcome, int httpStatus, ByteBuf bytes) {
    return new WholeAnswer(outcome, httpStatus, bytes, UNKNOWN, 0);
  }

  /** Notes whose word it is and what that means. */
  WholeAnswer saidBy(Upstream upstream, Verdict.Kind meaning) {
    by = upstream;
    kind = meaning;
    return this;
  }

  /** Whose word it is; null for the gateway's own and for what was put together. */
  public @Nullable Upstream by() {
    return by;
  }

  /** What an upstream's word means; {@link Verdict.Kind#ANSWERED} for the gateway's own too. */
  public Verdict.Kind kind() {
    return kind;
  }

  /** How the message was answered. */
  public CallOutcome outcome() {
    return outcome;
  }

  /** 200 for whatever an upstream said; otherwise that of the gateway's own error. */
  public int httpStatus() {
    return httpStatus;
  }

  /** The answer, still owned by this. */
  public ByteBuf bytes() {
    return bytes;
  }

  /** Whether it is a result that an upstream gave. */
  public boolean hasUpstreamResult() {
    return outcome == CallOutcome.OK && valueStart >= 0;
  }

  /** Where an upstream's result or error begins, counted from the first readable byte; or -1. */
  public int valueStart() {
    return valueStart;
  }

  /** How long an upstream's result or error is, in bytes, or more by what follows it. */
  public int valueLength() {
    return valueLength;
  }

  /** The answer, owned by the caller from now on. */
  public ByteBuf take() {
    return bytes;
  }

  /** Drops the answer. */
  public void release() {
    bytes.release();
  }
}
