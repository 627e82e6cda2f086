package io.fairlead.gateway.request;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallSink;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.netty.buffer.ByteBuf;

/**
 * Where the answer to one request goes, whatever transport brought it: a single call's as {@link
 * CallSink} says, a batch's likewise, and the gateway's word on a body in which there is no call.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: takes over every buffer.
 */
public interface RequestSink extends CallSink {
  /** Whether the client asks how its call is decided, and may. */
  boolean wantsExplanation();

  /**
   * Whether the client may ask so many calls now; those that it may not are answered with an error.
   *
   * @param calls how many, 1 or more
   */
  boolean admits(int calls);

  /**
   * The request is on its way; its answer may come before the dispatcher returns.
   *
   * @param answer calls it off or slows it down
   * @param calls how many calls it has
   */
  void onDispatched(ActiveAnswer answer, int calls);

  /** There is no call in the body, or none that is served; the whole answer is the error. */
  void onFault(RequestFault fault, ByteBuf error);

  /** There is nothing to answer. */
  void onNoAnswer();

  /** The whole answer to a batch. */
  void onBatch(ByteBuf whole);

  /** The whole answer to a batch of which the gateway could carry no call. */
  void onBatchShed(ByteBuf whole);

  /** The beginning of a batch's answer too long to be held. */
  void onBatchStart();

  /**
   * The next piece of a batch's answer.
   *
   * @return false when the client reads too slowly for more
   */
  boolean onBatchPiece(ByteBuf piece);

  /** A batch's long answer is complete. */
  void onBatchEnd();

  /** A batch's answer broke off in the middle; nothing more comes of it. */
  void onBatchBroken(Call call);
}
