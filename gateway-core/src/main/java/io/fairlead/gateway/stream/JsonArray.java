package io.fairlead.gateway.stream;

import io.fairlead.gateway.jsonrpc.JsonMembers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Looks into JSON that {@link RpcMessage} has found to be whole. */
final class JsonArray {
  private static final int HASH_CHARS = 66;

  private JsonArray() {}

  /** The elements of an array as they are written; none for anything else. */
  static List<String> elements(String json) {
    ByteBuf text = Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
    List<String> elements = new ArrayList<>();
    if (JsonMembers.isArray(text)) {
      JsonMembers.elements(text).forEach(e -> elements.add(e.toString(StandardCharsets.UTF_8)));
    }
    return elements;
  }

  /**
   * The hash of a transaction.
   *
   * @param json its hash, or the whole transaction
   * @return in lower case, or null if there is none
   */
  static @Nullable String hash(String json) {
    if (json.startsWith("\"")) {
      return asHash(json.substring(1, json.length() - 1));
    }
    ByteBuf text = Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
    String written = JsonMembers.isObject(text) ? JsonMembers.text(text, "hash") : null;
    return written == null ? null : asHash(written);
  }

  private static @Nullable String asHash(String text) {
    boolean isHash = text.length() == HASH_CHARS && text.matches("0x[0-9a-fA-F]{64}");
    return isHash ? text.toLowerCase(Locale.ROOT) : null;
  }
}
