package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Calls and answers as the cache meets them. */
final class Messages {
  private static final MethodSpecs SPECS = MethodSpecs.evm();

  private Messages() {}

  /** A call with id 1. */
  static CallMessage call(String method, String params) {
    return body(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
  }

  /** The call of a body. */
  static CallMessage body(String json) {
    ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.UTF_8);
    RequestScanner scanner = new RequestScanner(1, 64, new byte[RequestScanner.WINDOW_BYTES]);
    scanner.reset();
    scanner.feed(body);
    if (scanner.finish() != RequestFault.NONE) {
      throw new IllegalArgumentException("no call: " + json);
    }
    CallSpans spans = scanner.call(0);
    return new CallMessage(body, spans, SPECS.find(body, spans), -1);
  }

  /** The key of a call, null if it has none. */
  static @Nullable CallKey key(String method, String params) {
    return new KeyWriter().write(0, call(method, params));
  }

  /** What the cache sees in a call. */
  static Inquiry inquiry(String method, String params) {
    CallMessage message = call(method, params);
    KeyWriter writer = new KeyWriter();
    CallKey key = writer.write(0, message);
    if (key == null) {
      throw new IllegalArgumentException("no key: " + params);
    }
    return Inquiry.of(key, message, writer);
  }

  /** An upstream's result to a call with id 1. */
  static SharedAnswer result(String result) {
    String head = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":";
    ByteBuf bytes = Unpooled.copiedBuffer(head + result + "}", StandardCharsets.UTF_8);
    WholeAnswer answer =
        WholeAnswer.ofUpstream(CallOutcome.OK, bytes, head.length(), result.length());
    SharedAnswer shared = SharedAnswer.of(answer, "node");
    if (shared == null) {
      throw new IllegalArgumentException("not to be shared: " + result);
    }
    return shared;
  }
}
