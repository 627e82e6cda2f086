package io.fairlead.gateway.jsonrpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A resumable automaton that reads one JSON string from behind its first quote to behind its last.
 *
 * <p>Eight bytes at a time are tested for a quote, a backslash, a control character or a byte
 * beyond ASCII with subtractions that borrow exactly where such a byte is; the lowest flagged byte
 * is always exact because no lower byte can have borrowed.
 *
 * <p>If asked to, it packs the first eight bytes of what the string means, escapes resolved, into a
 * long, so that short names can be compared as numbers.
 *
 * <p>Thread-safety: none, confined to one thread.
 */
final class JsonString {
  /** What {@link #packed()} is for a string that has more than eight bytes. */
  static final long LONG = -1;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long SPACES = ONES * ' ';
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final int MAX_PACKED = 8;

  private static final int PLAIN = 0;
  private static final int ESCAPE = 1;
  private static final int UNICODE = 2;
  private static final int CONTINUATION = 3;
  private static final int ENDED = 4;
  private static final int BROKEN = 5;

  private final boolean strict;
  private int state = ENDED;
  private boolean escaped;
  private long packed;
  private int packedLength;
  private int hexLeft;
  private int hex;
  private int continuations;
  private int continuationLow;
  private int continuationHigh;

  /**
   * A reader of strings.
   *
   * @param strict whether bytes beyond ASCII must be UTF-8 (RFC 3629)
   */
  JsonString(boolean strict) {
    this.strict = strict;
  }

  /** A string begins. */
  void open(boolean packing) {
    state = PLAIN;
    escaped = false;
    packed = 0;
    packedLength = packing ? 0 : MAX_PACKED + 1;
  }

  /** Reads on; returns the index after what was read, or that of the byte that broke it. */
  int read(byte[] a, int from, int to) {
    int i = from;
    while (i < to && state < ENDED) {
      i =
          switch (state) {
            case PLAIN -> plain(a, i, to);
            case ESCAPE -> escape(a[i], i);
            case UNICODE -> unicode(a[i], i);
            default -> continuation(a[i], i);
          };
    }
    return i;
  }

  boolean isEnded() {
    return state == ENDED;
  }

  boolean isBroken() {
    return state == BROKEN;
  }

  boolean hadEscapes() {
    return escaped;
  }

  /** What the string means as one number, if it was to be packed; {@link #LONG} if it is long. */
  long packed() {
    return packedLength <= MAX_PACKED ? packed : LONG;
  }

  private int plain(byte[] a, int from, int to) {
    int i = from;
    int last = to - Long.BYTES;
    if (packedLength == 0 && i <= last) {
      i = packWord(a, i);
      if (state != PLAIN) {
        return i;
      }
    }
    if (packedLength <= MAX_PACKED) {
      i = packPlain(a, i, to);
      if (packedLength <= MAX_PACKED) {
        return i < to ? special(a[i], i) : i;
      }
    }
    while (i <= last) {
      long flags = flags((long) WORDS.get(a, i));
      if (flags != 0) {
        i += Long.numberOfTrailingZeros(flags) >>> 3;
        return special(a[i], i);
      }
      i += Long.BYTES;
    }
    while (i < to && isPlain(a[i])) {
      i++;
    }
    return i < to ? special(a[i], i) : i;
  }

  private static boolean isPlain(byte b) {
    return b >= ' ' && b != '"' && b != '\\';
  }

  /** The high bit of each byte that is special; exact for the lowest such byte. */
  private static long flags(long x) {
    return ((x - SPACES) | ((x ^ QUOTES) - ONES) | ((x ^ BACKSLASHES) - ONES) | x) & HIGH_BITS;
  }

  /** Packs the beginning from one word; most keys end within it. */
  private int packWord(byte[] a, int i) {
    long x = (long) WORDS.get(a, i);
    long flags = flags(x);
    if (flags == 0) {
      packed = Long.reverseBytes(x);
      packedLength = Long.BYTES;
      return i + Long.BYTES;
    }
    int plain = Long.numberOfTrailingZeros(flags) >>> 3;
    if (plain > 0) {
      packed = Long.reverseBytes(x) >>> (Long.SIZE - 8 * plain);
      packedLength = plain;
    }
    return special(a[i + plain], i + plain);
  }

  private int packPlain(byte[] a, int from, int to) {
    int i = from;
    while (i < to && packedLength <= MAX_PACKED && isPlain(a[i])) {
      pack(a[i]);
      i++;
    }
    return i;
  }

  private void pack(int b) {
    if (packedLength <= MAX_PACKED) {
      packed = (packed << 8) | (b & 0xff);
      packedLength++;
    }
  }

  private int special(byte b, int i) {
    if (b == '"') {
      state = ENDED;
    } else if (b == '\\') {
      escaped = true;
      state = ESCAPE;
    } else if (b >= 0) {
      return broken(i);
    } else {
      pack(b);
      if (strict && !isLead(b & 0xff)) {
        return broken(i);
      }
    }
    return i + 1;
  }

  /** Takes the first byte of a character beyond ASCII (table 3-7 of Unicode). */
  private boolean isLead(int b) {
    if (b < 0xc2 || b > 0xf4) {
      return false;
    }
    continuations = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
    continuationLow = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
    continuationHigh = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
    state = CONTINUATION;
    return true;
  }

  private int continuation(byte raw, int i) {
    int b = raw & 0xff;
    if (b < continuationLow || b > continuationHigh) {
      return broken(i);
    }
    pack(b);
    continuationLow = 0x80;
    continuationHigh = 0xbf;
    continuations--;
    if (continuations == 0) {
      state = PLAIN;
    }
    return i + 1;
  }

  private int escape(byte b, int i) {
    if (b == 'u') {
      hexLeft = 4;
      hex = 0;
      state = UNICODE;
      return i + 1;
    }
    int meant =
        switch (b) {
          case '"', '\\', '/' -> b;
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          default -> -1;
        };
    if (meant < 0) {
      return broken(i);
    }
    pack(meant);
    state = PLAIN;
    return i + 1;
  }

  private int unicode(byte b, int i) {
    int digit = HexQuantity.digit(b);
    if (digit < 0) {
      return broken(i);
    }
    hex = (hex << 4) | digit;
    hexLeft--;
    if (hexLeft == 0) {
      packCharacter(hex);
      state = PLAIN;
    }
    return i + 1;
  }

  private void packCharacter(int c) {
    if (c < 0x80) {
      pack(c);
    } else if (c < 0x800) {
      pack(0xc0 | (c >> 6));
      pack(0x80 | (c & 0x3f));
    } else {
      pack(0xe0 | (c >> 12));
      pack(0x80 | ((c >> 6) & 0x3f));
      pack(0x80 | (c & 0x3f));
    }
  }

  private int broken(int i) {
    state = BROKEN;
    return i;
  }
}
