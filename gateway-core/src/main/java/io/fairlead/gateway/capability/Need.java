package io.fairlead.gateway.capability;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.jsonrpc.method.DataKind;

/**
 * What an upstream must have to answer a message.
 *
 * @param method the method's name
 * @param kind the data
 * @param block the oldest block of which the data is needed; {@link Long#MAX_VALUE} - 1 for the
 *     newest and for what is not known
 */
record Need(String method, DataKind kind, long block) {
  /** Younger than every bound but that of an upstream that holds nothing at all. */
  static final long NO_HEIGHT = Long.MAX_VALUE - 1;

  static Need of(CallMessage message) {
    long oldest = message.oldestBlock();
    return new Need(message.methodName(), message.spec().needs(), oldest >= 0 ? oldest : NO_HEIGHT);
  }

  boolean hasHeight() {
    return block != NO_HEIGHT && kind != DataKind.NOTHING;
  }
}
