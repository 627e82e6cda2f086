package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.routing.Blame;

/**
 * What an upstream's error means for the attempt.
 *
 * @param blame who is to be held to account
 * @param kind what it is about
 */
public record Verdict(Blame blame, Kind kind) {
  /** What an answer is about, whatever its code and words. */
  public enum Kind {
    /** A result. */
    ANSWERED,
    /** A result of null: the truth, or the upstream does not have it. */
    ANSWERED_NULL,
    /** The call was executed and failed: the same everywhere. */
    REVERT,
    /** A log query over too many blocks or results: to be split. */
    RANGE_TOO_LARGE,
    /** A log query with too many addresses or topics: to be split. */
    FILTER_TOO_WIDE,
    /** The request is too large for this upstream. */
    REQUEST_TOO_LARGE,
    /** Too many calls for now. */
    RATE_LIMITED,
    /** The plan's quota is used up. */
    PLAN_EXHAUSTED,
    /** The chain's sequencer limits this sender. */
    SENDER_LIMITED,
    /** The state, block or transaction is not on this upstream. */
    STATE_MISSING,
    /** The upstream does not know the block tag. */
    TAG_UNSUPPORTED,
    /** The pool has this transaction already. */
    ALREADY_KNOWN,
    /** The nonce is used: by this very transaction or another. */
    NONCE_TOO_LOW,
    /** This upstream's pool does not want the transaction; another's may. */
    POOL_POLICY,
    /** The sender cannot pay. */
    INSUFFICIENT_FUNDS,
    /** The transaction cannot be decoded, or no block could take it. */
    MALFORMED_TRANSACTION,
    /** The upstream does not know this type of transaction. */
    TYPE_UNSUPPORTED,
    /** The upstream does not have the method. */
    METHOD_MISSING,
    /** By its code or status alone, the upstream does not have the method or does not offer it. */
    METHOD_REFUSED,
    /** The upstream refuses its credentials. */
    CREDENTIALS,
    /** The filter is not there, or not any more. */
    FILTER_NOT_FOUND,
    /** The upstream ran out of time or says that it is out of order. */
    NODE_GAVE_UP,
    /** The call was too heavy for the upstream's own time limit. */
    CALL_TOO_HEAVY,
    /** The upstream failed inside. */
    INTERNAL_ERROR,
    /** What came is no JSON. */
    NOT_JSON,
    /** What came is JSON but no answer, or the half of one. */
    NOT_AN_ANSWER,
    /** The parameters are wrong. */
    BAD_PARAMETERS,
    /** Any other error of the call. */
    OTHER
  }

  /** A result. */
  public static final Verdict ANSWERED = new Verdict(Blame.NONE, Kind.ANSWERED);

  /** A result of null. */
  public static final Verdict ANSWERED_NULL = new Verdict(Blame.NONE, Kind.ANSWERED_NULL);
}
