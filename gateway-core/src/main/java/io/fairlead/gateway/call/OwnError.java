package io.fairlead.gateway.call;

/** The gateway's own reasons not to answer a call, as JSON-RPC and HTTP say them. */
enum OwnError {
  /** No upstream can serve the call now. */
  UNAVAILABLE(-32002, 503),
  /** No upstream has the method. */
  NO_METHOD(-32601, 200),
  /** The call's time is up. */
  TIMED_OUT(-32003, 504);

  private final int code;
  private final int httpStatus;

  OwnError(int code, int httpStatus) {
    this.code = code;
    this.httpStatus = httpStatus;
  }

  int code() {
    return code;
  }

  int httpStatus() {
    return httpStatus;
  }
}
