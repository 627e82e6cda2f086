package io.fairlead.gateway.metrics;

import io.fairlead.gateway.jsonrpc.RequestFault;
import java.util.Locale;

/** Why a connection or a request was turned away before it became a call. */
public enum RefusalReason {
  /** The body is not JSON. */
  NOT_JSON,
  /** The body is JSON but no call and no batch of calls. */
  NOT_A_CALL,
  /** Too many calls in a batch. */
  BATCH_TOO_LONG,
  /** The body is over the limit. */
  BODY_TOO_LARGE,
  /** No such chain. */
  UNKNOWN_CHAIN,
  /** Another verb than POST or OPTIONS. */
  WRONG_VERB,
  /** A content encoding that is not offered, or a broken one. */
  WRONG_ENCODING,
  /** Not HTTP, or HTTP that could be read in two ways. */
  BAD_HTTP,
  /** The client took too long to send its request. */
  TOO_SLOW,
  /** Too many connections. */
  TOO_MANY_CONNECTIONS,
  /** A request for WebSocket that is not as RFC 6455 has it. */
  BAD_UPGRADE,
  /** More calls a second than a WebSocket connection may ask. */
  TOO_MANY_CALLS,
  /** Plain HTTP where TLS is spoken. */
  NOT_TLS,
  /** A TLS handshake that failed: no common version or cipher, no good certificate, too slow. */
  TLS_FAILED,
  /** The gateway is going down. */
  GOING_DOWN,
  /** Too little memory: a new request, or a large one that is not whole yet. */
  NO_MEMORY;

  /** The reason that goes with a fault of a body or call. */
  public static RefusalReason of(RequestFault fault) {
    return switch (fault) {
      case NOT_JSON -> NOT_JSON;
      case BATCH_TOO_LARGE -> BATCH_TOO_LONG;
      case TOO_MANY_CALLS -> TOO_MANY_CALLS;
      default -> NOT_A_CALL;
    };
  }

  private final String label = name().toLowerCase(Locale.ROOT);

  /**
   * Its name in metrics.
   *
   * @return the lower-case name
   */
  public String label() {
    return label;
  }
}
