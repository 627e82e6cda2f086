package io.fairlead.gateway.jsonrpc;

/**
 * Why a body, or one member of a batch, is not served.
 *
 * <p>A fault of a body ({@link #NOT_JSON} to {@link #TOO_DEEP}) is answered by one error with a
 * null id, one of a call by an error with the call's id where it has a valid one.
 */
public enum RequestFault {
  /** None. */
  NONE(0, ""),
  /** The body is not one JSON text in UTF-8. */
  NOT_JSON(-32700, "the body is not JSON"),
  /** The body is JSON, but neither a call nor a batch. */
  NOT_A_CALL(-32600, "the body is neither a call object nor a batch of them"),
  /** A batch without members. */
  EMPTY_BATCH(-32600, "the batch is empty"),
  /** A batch with more members than allowed. */
  BATCH_TOO_LARGE(-32600, "the batch has too many calls"),
  /** Containers nested beyond the limit. */
  TOO_DEEP(-32600, "the body is nested too deeply"),
  /** A member of a batch that is no object. */
  NOT_AN_OBJECT(-32600, "a call is an object"),
  /** No method, or an empty one. */
  NO_METHOD(-32600, "the call has no method"),
  /** A method that is no string. */
  BAD_METHOD(-32600, "the method is not a string"),
  /** An id that is neither string, number nor null. */
  BAD_ID(-32600, "the id is neither a string, a number nor null"),
  /** Params that are neither array, object nor null. */
  BAD_PARAMS(-32600, "the params are neither an array nor an object"),
  /** A version other than "2.0". */
  BAD_VERSION(-32600, "the jsonrpc version is not \"2.0\""),
  /** A member of the call that is there twice, or in other letter case. */
  AMBIGUOUS_MEMBER(-32600, "a member of the call is repeated or written in other letter case"),
  /** A call beyond the rate of its connection. */
  TOO_MANY_CALLS(-32005, "more calls a second than limits.websocketRate allows a connection");

  private final int code;
  private final String message;

  RequestFault(int code, String message) {
    this.code = code;
    this.message = message;
  }

  /**
   * The JSON-RPC error code.
   *
   * @return -32700, -32600 or -32005, 0 for {@link #NONE}
   */
  public int code() {
    return code;
  }

  /**
   * What to tell the client.
   *
   * @return a clause without a full stop
   */
  public String message() {
    return message;
  }
}
