package io.fairlead.gateway.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Makes JSON texts of all shapes, and spoils them. */
final class JsonMaker {
  private static final String[] SPACES = {"", "", "", " ", "\n", "\t ", "\r\n"};
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1",
    "-17",
    "9007199254740993",
    "1.5",
    "-0.0e-0",
    "1E400",
    "2e+7",
    "123456789".repeat(9)
  };
  private static final String[] BITS = {
    "a",
    "eth_call",
    "0xdeadbeef0123456789abcdef",
    "\\\"",
    "\\\\",
    "\\/",
    "\\n",
    "\\u0041",
    "\\ud83d\\ude00",
    "\\ud800",
    "\u00e9",
    "\u20ac",
    "\ud83d\ude00",
    "{",
    "]",
    ",",
    ":",
    " ",
    "\u007f",
    "\\u0000"
  };
  private static final String[] SPOILERS = {
    "\u0000", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "t", "n", " ", "\u001f",
    "\\u", "\ufeff"
  };
  private static final byte[][] BAD_UTF8 = {
    {(byte) 0x80}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, {(byte) 0xff}, {(byte) 0xe2, (byte) 0x82},
    {(byte) 0xe0, (byte) 0x80, (byte) 0xaf}, {(byte) 0xf0, (byte) 0x80, (byte) 0x80, (byte) 0x80}
  };

  private final RandomGenerator random;

  JsonMaker(RandomGenerator random) {
    this.random = random;
  }

  /** A body as clients send it, or nearly. */
  String body() {
    return switch (random.nextInt(8)) {
      case 0 -> value(3);
      case 1, 2 -> batch();
      default -> space() + call() + space();
    };
  }

  String value(int depth) {
    return space() + bare(depth) + space();
  }

  String string() {
    StringBuilder text = new StringBuilder("\"");
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(one(BITS));
    }
    return text.append('"').toString();
  }

  String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  /** The bytes of a text, most often with a few of them spoilt. */
  byte[] spoil(byte[] whole) {
    byte[] bytes = whole;
    for (int i = random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(bytes.length + 1);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> splice(bytes, at, bytes.length, new byte[0]);
            case 1 -> splice(bytes, at, Math.min(bytes.length, at + 1), new byte[0]);
            case 2 -> splice(bytes, at, at, BAD_UTF8[random.nextInt(BAD_UTF8.length)]);
            default ->
                splice(
                    bytes,
                    at,
                    Math.min(bytes.length, at + random.nextInt(2)),
                    one(SPOILERS).getBytes(StandardCharsets.UTF_8));
          };
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] put) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(put);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }

  private String batch() {
    StringBuilder text = new StringBuilder("[").append(space());
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(random.nextInt(6) == 0 ? value(2) : call()).append(i > 1 ? "," : "");
    }
    return text.append(space()).append(']').toString();
  }

  private String call() {
    StringBuilder text = new StringBuilder("{").append(space());
    String[][] members = {
      {
        one("jsonrpc", "jsonrpc", "jsonrpc", "JSONRPC"),
        one("\"2.0\"", "\"2.0\"", "\"2\\u002e0\"", value(1))
      },
      {one("id", "id", "i\\u0064", "Id"), one(number(), string(), "null", value(2))},
      {
        one("method", "method", "method", "\\u006dethod", "meThod"),
        one("\"eth_call\"", string(), value(1))
      },
      {
        one("params", "params", "params", "param\u017f"),
        one("[" + value(2) + "," + value(2) + "]", value(3))
      },
      {one("other", "jsonrpcs", "i", "\u00e9", "toolongtomatter"), value(3)},
    };
    int count = 0;
    for (int i = random.nextInt(3, 7); i > 0; i--) {
      String[] member = members[i > members.length ? random.nextInt(5) : i - 1];
      text.append(count++ > 0 ? "," + space() : "");
      text.append('"').append(member[0]).append('"').append(space()).append(':').append(space());
      text.append(member[1]).append(space());
    }
    return text.append('}').toString();
  }

  private String bare(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0 -> number();
      case 1 -> string();
      case 2 -> one("true", "false", "null");
      case 3 -> one("{}", "[]", "\"0x" + "ab".repeat(random.nextInt(20)) + "\"");
      case 4 -> "[" + value(depth - 1) + "," + value(depth - 1) + "]";
      case 5 -> "{" + space() + string() + ":" + value(depth - 1) + "}";
      default -> "[".repeat(random.nextInt(70)) + number();
    };
  }

  private String number() {
    return one(NUMBERS);
  }

  private String space() {
    return one(SPACES);
  }
}
