package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.gateway.upstream.ExchangeFailure;
import java.util.Locale;

/** What a client may be told of an attempt that got no answer: no host, no port, no cause. */
final class FailureWords {
  private FailureWords() {}

  static String of(ExchangeFailure.Kind kind) {
    return switch (kind) {
      case DNS -> "its host name has no address";
      case CONNECT_REFUSED -> "connection refused";
      case CONNECT_TIMEOUT -> "no connection in time";
      case CONNECT_FAILED -> "no connection";
      case TLS -> "no trusted TLS connection";
      case RESET -> "connection reset";
      case CLOSED_EARLY, STALE_CONNECTION -> "connection closed before the answer ended";
      case MALFORMED -> "its answer is not HTTP";
      case AT_CAPACITY -> "at its limit of connections";
      case POOL_CLOSED -> "dropped from the configuration";
    };
  }

  static String of(Verdict verdict) {
    return verdict.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether the upstream's health has nothing to do with it. */
  static boolean isBlameless(ExchangeFailure.Kind kind) {
    return switch (kind) {
      case STALE_CONNECTION, AT_CAPACITY, POOL_CLOSED -> true;
      default -> false;
    };
  }
}
