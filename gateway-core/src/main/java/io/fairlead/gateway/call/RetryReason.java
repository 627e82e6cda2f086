package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.gateway.upstream.ExchangeFailure;
import java.util.Locale;

/** Why a call needed another attempt: what became of the one before. */
public enum RetryReason {
  /** The upstream answered that it failed, or nothing that could be understood. */
  FAILED,
  /** It was silent for longer than it ever took. */
  TIMED_OUT,
  /** It met a rate limit. */
  LIMITED,
  /** It cannot know what was asked, or answered from an old block. */
  DATA,
  /** Its credential or plan is refused. */
  ACCOUNT,
  /** No connection could be made: name, address, TLS, or too many of them. */
  UNREACHABLE,
  /** The connection ended before the answer did. */
  BROKEN;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in metrics and explanations. */
  public String label() {
    return label;
  }

  static RetryReason of(Verdict verdict) {
    return switch (verdict.blame()) {
      case LIMIT -> LIMITED;
      case DATA -> DATA;
      case ACCOUNT -> ACCOUNT;
      case NONE, CLIENT, UPSTREAM -> FAILED;
    };
  }

  static RetryReason of(ExchangeFailure.Kind kind) {
    return switch (kind) {
      case DNS, CONNECT_REFUSED, CONNECT_TIMEOUT, CONNECT_FAILED, TLS, AT_CAPACITY, POOL_CLOSED ->
          UNREACHABLE;
      case RESET, CLOSED_EARLY, STALE_CONNECTION -> BROKEN;
      case MALFORMED -> FAILED;
    };
  }
}
