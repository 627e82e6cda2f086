package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds values in short JSON texts that a {@link JsonWalker} has found to be whole.
 *
 * <p>Thread-safety: safe, no state.
 */
public final class JsonMembers {
  private JsonMembers() {}

  /** Whether a text begins as an object does. */
  public static boolean isObject(ByteBuf json) {
    return json.isReadable() && json.getByte(json.readerIndex()) == '{';
  }

  /** Whether a text begins as an array does. */
  public static boolean isArray(ByteBuf json) {
    return json.isReadable() && json.getByte(json.readerIndex()) == '[';
  }

  /** A text of ASCII as a buffer that needs no release. */
  public static ByteBuf ascii(String text) {
    return Unpooled.wrappedBuffer(JsonSkip.ascii(text));
  }

  /** A member of an object as it is written, or null. */
  public static @Nullable String raw(ByteBuf object, String name) {
    ByteBuf value = slice(object, name);
    return value == null ? null : value.toString(StandardCharsets.UTF_8);
  }

  /** Where a member of an object is written; a slice without a reference of its own, or null. */
  public static @Nullable ByteBuf slice(ByteBuf object, String name) {
    byte[] key = JsonSkip.ascii(name);
    int end = object.writerIndex();
    int at = JsonSkip.nextKey(object, object.readerIndex() + 1, end);
    while (at >= 0) {
      int keyEnd = JsonSkip.value(object, at, end);
      int valueStart = JsonSkip.space(object, JsonSkip.space(object, keyEnd, end) + 1, end);
      int valueEnd = JsonSkip.value(object, valueStart, end);
      if (JsonSkip.isKey(object, at, keyEnd, key)) {
        return object.slice(valueStart, valueEnd - valueStart);
      }
      at = JsonSkip.nextKey(object, valueEnd, end);
    }
    return null;
  }

  /** A member that is a string, without its quotes, or null. */
  public static @Nullable String text(ByteBuf object, String name) {
    String raw = raw(object, name);
    return raw == null || raw.length() < 2 || raw.charAt(0) != '"'
        ? null
        : raw.substring(1, raw.length() - 1);
  }

  /** The elements of an array, as they are written; slices without a reference of their own. */
  public static List<ByteBuf> elements(ByteBuf array) {
    List<ByteBuf> found = new ArrayList<>();
    int end = array.writerIndex();
    int at = JsonSkip.space(array, array.readerIndex() + 1, end);
    while (at < end && array.getByte(at) != ']') {
      int valueEnd = JsonSkip.value(array, at, end);
      found.add(array.slice(at, valueEnd - at));
      at = JsonSkip.space(array, valueEnd, end);
      if (at < end && array.getByte(at) == ',') {
        at = JsonSkip.space(array, at + 1, end);
      }
    }
    return found;
  }
}
