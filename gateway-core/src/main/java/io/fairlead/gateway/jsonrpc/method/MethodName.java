package io.fairlead.gateway.jsonrpc.method;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Compares and decodes the bytes of method names. */
final class MethodName {
  private MethodName() {}

  /** Whether the bytes at {@code start} begin with a prefix; the caller has checked the length. */
  static boolean startsWith(ByteBuf buffer, int start, byte[] prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if (buffer.getByte(start + i) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /** The bytes that a JSON string with escapes stands for; rare, so it allocates. */
  static byte[] unescape(ByteBuf buffer, int start, int length) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(length);
    StringBuilder units = new StringBuilder();
    int end = start + length;
    int i = start;
    while (i < end) {
      byte b = buffer.getByte(i);
      if (b == '\\' && buffer.getByte(i + 1) == 'u') {
        units.append((char) unit(buffer, i + 2));
        i += 6;
        continue;
      }
      flush(units, plain);
      plain.write(b == '\\' ? control(buffer.getByte(i + 1)) : b);
      i += b == '\\' ? 2 : 1;
    }
    flush(units, plain);
    return plain.toByteArray();
  }

  private static void flush(StringBuilder units, ByteArrayOutputStream plain) {
    plain.writeBytes(units.toString().getBytes(StandardCharsets.UTF_8));
    units.setLength(0);
  }

  private static int unit(ByteBuf buffer, int start) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = (value << 4) | HexQuantity.digit(buffer.getByte(start + i));
    }
    return value;
  }

  private static int control(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
  }
}
