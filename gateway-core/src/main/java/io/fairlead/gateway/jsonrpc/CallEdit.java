package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Writes a call anew with one of its positional parameters replaced, or with one more behind the
 * last; all other bytes stay as they are.
 *
 * <p>Thread-safety: stateless.
 */
public final class CallEdit {
  private CallEdit() {}

  /**
   * Writes the call.
   *
   * @param alloc makes the buffer
   * @param body what was scanned
   * @param call a whole call in it, with positional parameters
   * @param parameter what is new; its place is 0 to the number of parameters
   * @param into gets the spans of the new call
   * @return the new call alone, owned by the caller
   */
  public static ByteBuf withParameter(
      ByteBufAllocator alloc, ByteBuf body, CallSpans call, Parameter parameter, CallSpans into) {
    int position = parameter.position();
    boolean isAppended = position == call.parameterCount();
    if (!call.isPositional() || position > call.parameterCount()) {
      throw new IllegalArgumentException(
          "position: " + position + " (expected: at most " + call.parameterCount() + ")");
    }
    String json = isAppended && position > 0 ? "," + parameter.json() : parameter.json();
    int from = isAppended ? call.paramsEnd - 1 : call.parameterStart(position);
    int to = isAppended ? from : from + call.parameterLength(position);
    int length = ByteBufUtil.utf8Bytes(json);
    ByteBuf written = alloc.buffer(call.length() - (to - from) + length);
    written.writeBytes(body, call.start, from - call.start);
    written.writeCharSequence(json, StandardCharsets.UTF_8);
    written.writeBytes(body, to, call.end - to);
    into.copyFrom(call);
    into.move(to, length - (to - from));
    if (isAppended) {
      into.parameters++;
    }
    if (position < CallSpans.PARAMETERS_KEPT) {
      int start = from - call.start + (isAppended && position > 0 ? 1 : 0);
      into.parameterSpans[2 * position] = start;
      into.parameterSpans[2 * position + 1] = from - call.start + length;
    }
    return written;
  }

  /**
   * A parameter's new value.
   *
   * @param position its place
   * @param json its value
   */
  public record Parameter(int position, String json) {}
}
