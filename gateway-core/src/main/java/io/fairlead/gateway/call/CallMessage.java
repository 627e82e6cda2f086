package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.CallEdit;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.upstream.RequestShape;
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
public final class CallMessage implements RequestShape {
  private static final int USUAL_DIGITS = 15;

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

  private CallMessage(CallMessage original, ByteBuf body, CallSpans spans) {
    this.body = body;
    this.spans = spans;
    this.spec = original.spec;
    this.methodClass = original.methodClass;
    this.headSensitive = original.headSensitive;
  }

  /**
   * The same call with a parameter replaced, or with one more. It is routed as the original is.
   *
   * @param alloc makes the buffer of the new body
   * @param position of the parameter, 0 to the number of parameters
   * @param json its value
   * @return a message of its own, to be released by the caller
   */
  public CallMessage withParameter(ByteBufAllocator alloc, int position, String json) {
    CallSpans edited = new CallSpans();
    ByteBuf written =
        CallEdit.withParameter(alloc, body, spans, new CallEdit.Parameter(position, json), edited);
    return new CallMessage(this, written, edited);
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

  /** The name of its method, also when the specification is a pattern. */
  public String methodName() {
    return spec.methodName(body, spans);
  }

  /** The oldest block it asks about; see {@link MethodSpec#oldestBlock}. */
  public long oldestBlock() {
    return spec.oldestBlock(body, spans);
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

  /**
   * What an upstream is sent, with a reference of its own: the call's own bytes, but with another
   * id where nodes disagree on whether it may be one. The answer gets the client's id back anyway.
   */
  ByteBuf toRequest() {
    if (isNotification() || hasUsualId()) {
      return spans.retainedSlice(body);
    }
    int idEnd = spans.idStart() + spans.idLength();
    ByteBuf request = body.alloc().buffer(spans.length() + 1);
    request.writeBytes(body, spans.start(), spans.idStart() - spans.start());
    request.writeByte('1');
    return request.writeBytes(body, idEnd, spans.end() - idEnd);
  }

  /** Strings and integers of fewer digits than a double holds are taken everywhere. */
  private boolean hasUsualId() {
    int start = spans.idStart();
    if (body.getByte(start) == '"') {
      return true;
    }
    int length = spans.idLength();
    for (int i = 0; i < length; i++) {
      byte digit = body.getByte(start + i);
      if (digit < '0' || digit > '9') {
        return false;
      }
    }
    return length <= USUAL_DIGITS;
  }

  @Override
  public int methodIndex() {
    return spec.index();
  }

  @Override
  public boolean isBrief() {
    return spec.isBrief();
  }

  @Override
  public int idOffset() {
    return isNotification() ? -1 : spans.idStart() - spans.start();
  }

  @Override
  public int idLength() {
    return isNotification() || hasUsualId() ? spans.idLength() : 1;
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
