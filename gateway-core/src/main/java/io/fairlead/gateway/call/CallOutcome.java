package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import java.util.Locale;

/** How a call ended for its client. */
public enum CallOutcome {
  /** With a result. */
  OK,
  /** With an error that the client itself brought about, such as a revert. */
  CLIENT_ERROR,
  /** With an error that some upstream gave and no other could mend. */
  UPSTREAM_ERROR,
  /** The method is not offered, or the call is no call. */
  REFUSED,
  /** No upstream could serve it. */
  UNSERVED,
  /** Shed: everybody who could serve it is at a limit. */
  SHED,
  /** Its time was up. */
  TIMED_OUT,
  /** The answer broke off after its beginning had gone to the client. */
  BROKEN,
  /** The client left before the answer. */
  ABANDONED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /**
   * How a call ends that is answered with what an upstream said.
   *
   * @param verdict what that means
   * @param isError whether it is an error
   */
  static CallOutcome of(Verdict verdict, boolean isError) {
    return switch (verdict.blame()) {
      case NONE -> isError ? CLIENT_ERROR : OK;
      case CLIENT -> CLIENT_ERROR;
      default -> UPSTREAM_ERROR;
    };
  }

  /** The name in metrics. */
  public String label() {
    return label;
  }
}
