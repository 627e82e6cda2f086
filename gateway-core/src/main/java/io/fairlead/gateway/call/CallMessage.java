package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.routing.MethodClass;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * One JSON-RPC request as the client sent it: the body it came in, where its parts are, and what
 * its method is.
 *
 * <p>Thread-safety: confined to an event loop. Ownership: owns one reference to the body until
 * {@link #release}.
 */
public final class CallMessage {
  private final ByteBuf body;
  private final CallSpans spans;
  private final MethodSpec spec;
  private final MethodClass methodClass;
  private final boolean headSensitive;

  /**
   * A message.
   *
   * @param body what the client sent, with this call alone or with others; one reference is taken
   *     over
   * @param spans where the call's parts are in the body; copied
   * @param spec what its method is
   * @param headBlocks the chain's newest block, -1 while unknown
   */
  public CallMessage(ByteBuf body, CallSpans spans, MethodSpec spec, long headBlocks) {
    this.body = body;
    this.spans = new CallSpans();
    this.spans.copyFrom(spans);
    this.spec = spec;
    this.methodClass = spec.methodClass(body, spans, headBlocks);
    this.headSensitive = spec.isHeadSensitive(body, spans);
  }

  /** What its method is. */
  public MethodSpec spec() {
    return spec;
  }

  /** The class by which it is routed and counted. */
  public MethodClass methodClass() {
    return methodClass;
  }

  /** Whether it needs an upstream at the chain's head. */
  public boolean isHeadSensitive() {
    return headSensitive;
  }

  /** Whether no answer is expected. */
  public boolean isNotification() {
    return spans.isNotification();
  }

  boolean isOfferedBy(MethodPolicy methods) {
    return methods.isOffered(spec, body, spans);
  }

  /** The body in which it came; still owned by this. */
  public ByteBuf body() {
    return body;
  }

  /** Where its parts are in the body; not to be changed. */
  public CallSpans spans() {
    return spans;
  }

  /** The call's own bytes with a reference of their own. */
  ByteBuf toRequest() {
    return spans.retainedSlice(body);
  }

  /** An error of the gateway's own with the message's id. */
  public ByteBuf toError(ByteBufAllocator alloc, int code, String text) {
    return GatewayErrors.error(alloc, code, text, body, spans);
  }

  /** A result of the gateway's own with the message's id. */
  public ByteBuf toResult(ByteBufAllocator alloc, String json) {
    return GatewayErrors.result(alloc, json, body, spans);
  }

  /** Takes one more reference to the body. */
  public CallMessage retain() {
    body.retain();
    return this;
  }

  /** Gives one reference to the body back. */
  public void release() {
    body.release();
  }
}
