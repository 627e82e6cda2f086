package io.fairlead.gateway.rpc;

import io.fairlead.gateway.metrics.RefusalReason;

/** Why a request is answered without looking at its body. */
enum Refusal {
  /** A browser asks whether it may; it may. */
  PREFLIGHT(204, RefusalReason.WRONG_VERB),
  /** Another verb than POST. */
  NOT_POST(405, RefusalReason.WRONG_VERB),
  /** No chain of that name. */
  UNKNOWN_CHAIN(404, RefusalReason.UNKNOWN_CHAIN),
  /** A body in an encoding other than gzip. */
  ENCODING(415, RefusalReason.WRONG_ENCODING),
  /** A body over the limit, by its own account. */
  TOO_LARGE(413, RefusalReason.BODY_TOO_LARGE);

  private final int status;
  private final RefusalReason reason;

  Refusal(int status, RefusalReason reason) {
    this.status = status;
    this.reason = reason;
  }

  RefusalReason reason() {
    return reason;
  }

  int status() {
    return status;
  }
}
