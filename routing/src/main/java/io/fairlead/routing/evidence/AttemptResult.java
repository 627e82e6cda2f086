package io.fairlead.routing.evidence;

/** How one attempt (or probe) ended, as far as routing cares. */
public enum AttemptResult {
  /** A result came back whole. */
  SUCCESS,
  /** An error came back that is the client's own doing; the upstream did its work. */
  CLIENT_ERROR,
  /** The upstream cannot know what was asked (pruned, not archived); it did its work. */
  DATA_ERROR,
  /** A rate limit; no evidence on health. Say so to {@link EvidenceLane#onHoldOff} as well. */
  LIMITED,
  /** The credential or plan is refused; no evidence on health, yet no use either. */
  ACCOUNT_REFUSED,
  /** The upstream failed. */
  FAILED,
  /** No answer in time; how long it would have taken is not known, only that it is longer. */
  TIMED_OUT,
  /** Given up before its end (a lost hedge, a client that left); says nothing on health. */
  CANCELLED;

  /**
   * Whether it speaks against the upstream's health.
   *
   * @return true for {@link #FAILED} and {@link #TIMED_OUT}
   */
  public boolean isFailure() {
    return this == FAILED || this == TIMED_OUT;
  }

  /**
   * Whether it speaks for the upstream's health.
   *
   * @return true for {@link #SUCCESS}, {@link #CLIENT_ERROR} and {@link #DATA_ERROR}
   */
  public boolean isSuccess() {
    return this == SUCCESS || this == CLIENT_ERROR || this == DATA_ERROR;
  }
}
