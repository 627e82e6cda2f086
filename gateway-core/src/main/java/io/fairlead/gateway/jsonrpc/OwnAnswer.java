package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The parts of which the gateway makes answers of its own. */
final class OwnAnswer {
  static final byte[] NULL = JsonSkip.ascii("null");
  static final byte[] RESULT_KEY = JsonSkip.ascii(",\"result\":");
  static final byte[] ERROR_KEY = JsonSkip.ascii(",\"error\":");

  /** Room for all of an answer's head but the id. */
  static final int HEAD_BYTES = 48;

  private static final byte[] START = JsonSkip.ascii("{\"jsonrpc\":\"2.0\",\"id\":");
  private static final byte[] HEX = JsonSkip.ascii("0123456789abcdef");

  private OwnAnswer() {}

  /** Writes the version and the client's id; a negative start stands for null. */
  static void writeHead(ByteBuf to, ByteBuf body, int idStart, int idLength) {
    to.writeBytes(START);
    if (idStart < 0) {
      to.writeBytes(NULL);
    } else {
      to.writeBytes(body, idStart, idLength);
    }
  }

  /** Writes a JSON string. */
  static void writeString(ByteBuf to, String text) {
    to.writeByte('"');
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b == '"' || b == '\\') {
        to.writeByte('\\').writeByte(b);
      } else if (b >= 0 && b < ' ') {
        to.writeByte('\\').writeByte('u').writeByte('0').writeByte('0');
        to.writeByte(HEX[b >> 4]).writeByte(HEX[b & 15]);
      } else {
        to.writeByte(b);
      }
    }
    to.writeByte('"');
  }
}
