package io.fairlead.gateway.stream;

/** Hears the answer to one question: exactly one of the two, on the home loop. */
public interface RpcReply {
  /**
   * It answered.
   *
   * @param json the result as it is written
   */
  void onResult(String json);

  /**
   * There is no result.
   *
   * @param failure why
   */
  void onFailure(RpcFailure failure);
}
