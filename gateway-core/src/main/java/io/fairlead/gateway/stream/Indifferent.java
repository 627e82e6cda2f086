package io.fairlead.gateway.stream;

/** For questions whose answer changes nothing. */
enum Indifferent implements RpcReply {
  /** The one. */
  REPLY;

  @Override
  public void onResult(String json) {
    // Nobody waits for it.
  }

  @Override
  public void onFailure(RpcFailure failure) {
    // What was to end has ended, or ends by itself.
  }
}
