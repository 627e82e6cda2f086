package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** A scanned call, for tests of what reads its spans. */
public record Calls(ByteBuf body, CallSpans spans) {
  /** A call of a method with params. */
  public static Calls of(String method, String params) {
    return scan(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
  }

  public static Calls scan(String text) {
    ByteBuf body = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    RequestScanner scanner = new RequestScanner(100, 64, new byte[64]);
    scanner.reset();
    scanner.feed(body);
    if (scanner.finish() != RequestFault.NONE) {
      throw new IllegalArgumentException(text);
    }
    return new Calls(body, scanner.call(0));
  }
}
