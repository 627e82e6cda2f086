package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A resumable automaton that checks JSON text (RFC 8259) and names what it meets near the surface.
 *
 * <p><b>Idea.</b> The state between two bytes is a handful of fields: what is expected next, how
 * deep, and one bit per open container (object or array). So the text may arrive in any fragments.
 * Subclasses hear of keys and values down to depth {@link #watch}; below it the text is only
 * checked. Nothing is built.
 *
 * <p><b>Keys</b> that matter are at most seven bytes long, so they are compared as numbers, escapes
 * resolved ({@link JsonString}): <code>"&#92;u006dethod"</code> is {@code method} to every node and
 * so it is here.
 *
 * <p><b>Fragments</b> that are not backed by an array are read through a small window that stays in
 * the first-level cache. The copy costs a sixth of the scan of a large string and gives the loop
 * one shape of memory, whatever the buffer is.
 *
 * <p>Deviations from RFC 8259: none in what is accepted when {@code strictText}; text that is not
 * UTF-8 (overlong forms and encoded surrogates included) is refused, lone surrogates written as
 * escapes are allowed by the grammar and pass. Without {@code strictText} bytes beyond ASCII are
 * not examined. A byte order mark is refused, as JSON.parse does.
 *
 * <p>Thread-safety: none, confined to one thread. Ownership: buffers given stay the caller's.
 */
abstract class JsonWalker {
  /** What may come next. The first seven are between tokens, the others inside one. */
  private static final int VALUE = 0;

  private static final int VALUE_OR_END = 1;
  private static final int KEY = 2;
  private static final int KEY_OR_END = 3;
  private static final int COLON = 4;
  private static final int COMMA_OR_END = 5;
  private static final int END = 6;
  private static final int STRING = 7;
  private static final int NUMBER = 8;
  private static final int LITERAL = 9;
  private static final int STOPPED = 10;

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  /** How a walk stands. */
  enum Outcome {
    /** The text so far is the beginning of JSON. */
    OPEN,
    /** The text is one JSON value. */
    COMPLETE,
    /** The text is not JSON. */
    BROKEN,
    /** Containers are nested beyond the limit. */
    TOO_DEEP,
    /** The subclass has seen enough. */
    HALTED
  }

  /** Keys and values down to this depth are told to the subclass; the top-level value is at 0. */
  int watch;

  private final JsonString string;
  private final int maxDepth;
  private final long[] objects;
  private byte[] bytes = NULL;
  private long origin;
  private int state;
  private Outcome outcome = Outcome.OPEN;
  private int depth;
  private boolean inObject;
  private boolean inKey;
  private NumberPart number = NumberPart.SIGN;
  private byte[] literal = NULL;
  private int literalAt;

  JsonWalker(int maxDepth, boolean strictText) {
    if (maxDepth < 1) {
      throw new IllegalArgumentException("maxDepth: " + maxDepth + " (expected: 1 or more)");
    }
    this.maxDepth = maxDepth;
    string = new JsonString(strictText);
    objects = new long[(maxDepth >> 6) + 1];
  }

  /**
   * The eight or fewer bytes of a short key as one number.
   *
   * @param key ASCII, at most eight characters
   * @return what {@link #onKey} gets for it
   */
  static long pack(String key) {
    long packed = 0;
    for (int i = 0; i < key.length(); i++) {
      packed = (packed << 8) | key.charAt(i);
    }
    return packed;
  }

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** A key at a watched depth has ended; {@link JsonString#LONG} stands for any long one. */
  abstract void onKey(long packedKey);

  /** A value begins at a watched depth; {@code first} is its first byte, not yet checked. */
  abstract void onStart(int atDepth, byte first, long at);

  /** A value at a watched depth has ended just before {@code end}. */
  abstract void onEnd(int atDepth, long end);

  /** Begins a new text, the first byte of which has offset 0. */
  final void restart() {
    state = VALUE;
    outcome = Outcome.OPEN;
    depth = 0;
    inObject = false;
    origin = 0;
  }

  /** Stops the walk; called by subclasses in a callback. */
  final void halt() {
    stop(Outcome.HALTED);
  }

  /** How many containers are open. */
  final int depth() {
    return depth;
  }

  final Outcome outcome() {
    return outcome;
  }

  /** The text has ended: settles a number at the top level and tells how the walk ended. */
  final Outcome end(long at) {
    if (state == NUMBER && depth == 0 && number.isWhole()) {
      endScalar(at);
    }
    if (state == END) {
      outcome = Outcome.COMPLETE;
    } else if (state != STOPPED) {
      outcome = Outcome.BROKEN;
    }
    return outcome;
  }

  /** The watched string that ended last. */
  final JsonString lastString() {
    return string;
  }

  /** Copies bytes of the present window, for callbacks; returns how many were copied. */
  final int copyWindow(long from, long to, byte[] target, int at) {
    int length = Math.min((int) (to - from), target.length - at);
    System.arraycopy(bytes, (int) (from - origin), target, at, length);
    return length;
  }

  /**
   * Walks over a fragment's readable bytes.
   *
   * @param fragment the bytes, left as they are
   * @param at the offset of its first byte in the text
   * @param window room for bytes of buffers without an array
   */
  final void walk(ByteBuf fragment, long at, byte[] window) {
    int index = fragment.readerIndex();
    int end = fragment.writerIndex();
    if (fragment.hasArray()) {
      int offset = fragment.arrayOffset();
      run(fragment.array(), offset + index, offset + end, at);
      return;
    }
    long offset = at;
    while (index < end && state != STOPPED) {
      int length = Math.min(window.length, end - index);
      fragment.getBytes(index, window, 0, length);
      run(window, 0, length, offset);
      index += length;
      offset += length;
    }
  }

  /** A window has been walked to its end at {@code at}, or to where the walk stopped. */
  void onWindowEnd(long at) {}

  private void run(byte[] a, int from, int to, long at) {
    bytes = a;
    origin = at - from;
    int i = from;
    while (i < to && state != STOPPED) {
      i =
          switch (state) {
            case STRING -> string(a, i, to);
            case NUMBER -> number(a, i, to);
            case LITERAL -> literal(a[i], i);
            default -> structure(a[i], i);
          };
    }
    onWindowEnd(origin + i);
  }

  private int structure(byte b, int i) {
    if (isSpace(b)) {
      return i + 1;
    }
    return switch (state) {
      case VALUE -> value(b, i);
      case COLON -> expect(b == ':', VALUE, i);
      case COMMA_OR_END -> commaOrEnd(b, i);
      case KEY -> b == '"' ? openString(true, i) : broken(i);
      case KEY_OR_END -> b == '"' ? openString(true, i) : b == '}' ? close(i) : broken(i);
      case VALUE_OR_END -> b == ']' ? close(i) : value(b, i);
      default -> broken(i);
    };
  }

  private int expect(boolean met, int next, int i) {
    if (!met) {
      return broken(i);
    }
    state = next;
    return i + 1;
  }

  private int commaOrEnd(byte b, int i) {
    if (b == ',') {
      state = inObject ? KEY : VALUE;
      return i + 1;
    }
    return b == (inObject ? '}' : ']') ? close(i) : broken(i);
  }

  private int value(byte b, int i) {
    if (depth <= watch) {
      onStart(depth, b, origin + i);
      if (state == STOPPED) {
        return i;
      }
    }
    return switch (b) {
      case '"' -> openString(false, i);
      case '{' -> open(true, i);
      case '[' -> open(false, i);
      case 't' -> openLiteral(TRUE, i);
      case 'f' -> openLiteral(FALSE, i);
      case 'n' -> openLiteral(NULL, i);
      case '-' -> openNumber(NumberPart.SIGN, i);
      case '0' -> openNumber(NumberPart.ZERO, i);
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> openNumber(NumberPart.INTEGER, i);
      default -> broken(i);
    };
  }

  private int open(boolean object, int i) {
    if (depth == maxDepth) {
      stop(Outcome.TOO_DEEP);
      return i;
    }
    depth++;
    long bit = 1L << depth;
    if (object) {
      objects[depth >> 6] |= bit;
    } else {
      objects[depth >> 6] &= ~bit;
    }
    inObject = object;
    state = object ? KEY_OR_END : VALUE_OR_END;
    return i + 1;
  }

  private int close(int i) {
    depth--;
    inObject = depth > 0 && (objects[depth >> 6] & (1L << depth)) != 0;
    endScalar(origin + i + 1);
    return i + 1;
  }

  private void endScalar(long end) {
    state = depth == 0 ? END : COMMA_OR_END;
    if (depth <= watch) {
      onEnd(depth, end);
    }
  }

  private int openString(boolean key, int i) {
    inKey = key;
    string.open(depth <= watch);
    state = STRING;
    return i + 1;
  }

  private int string(byte[] a, int from, int to) {
    int i = string.read(a, from, to);
    if (string.isEnded()) {
      closeString(origin + i);
    } else if (string.isBroken()) {
      return broken(i);
    }
    return i;
  }

  private void closeString(long end) {
    if (!inKey) {
      endScalar(end);
      return;
    }
    state = COLON;
    if (depth <= watch) {
      onKey(string.packed());
    }
  }

  private int openLiteral(byte[] word, int i) {
    literal = word;
    literalAt = 1;
    state = LITERAL;
    return i + 1;
  }

  private int literal(byte b, int i) {
    if (b != literal[literalAt]) {
      return broken(i);
    }
    literalAt++;
    if (literalAt == literal.length) {
      endScalar(origin + i + 1);
    }
    return i + 1;
  }

  private int openNumber(NumberPart part, int i) {
    number = part;
    state = NUMBER;
    return i + 1;
  }

  private int number(byte[] a, int from, int to) {
    NumberPart part = number;
    for (int i = from; i < to; i++) {
      byte b = a[i];
      boolean digit = b >= '0' && b <= '9';
      if (digit && part.takesDigits()) {
        continue;
      }
      NumberPart next = digit ? part.afterDigit(b) : part.afterMark(b);
      if (next == part) {
        return part.isWhole() ? endNumber(i) : broken(i);
      }
      part = next;
    }
    number = part;
    return to;
  }

  private int endNumber(int i) {
    endScalar(origin + i);
    return i;
  }

  private int broken(int i) {
    stop(Outcome.BROKEN);
    return i;
  }

  private void stop(Outcome how) {
    state = STOPPED;
    outcome = how;
  }
}
