package io.fairlead.gateway.upstream.socket;

import io.fairlead.gateway.jsonrpc.AnswerKind;
import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.netty.buffer.ByteBuf;

/**
 * Finds out whose answer a message is.
 *
 * <p>Most nodes begin an answer with the same twenty-two bytes and the id behind them, which are
 * compared by the word; whatever begins otherwise goes through an {@link AnswerScanner}, which
 * finds the id wherever it stands and takes messages in pieces too.
 *
 * <p>Thread-safety: loop-confined.
 */
final class AnswerReader {
  /** Stands for an id that is none of the gateway's. */
  static final long NO_ID = -1;

  /** The code of an error by which nodes say that they know no such method. */
  static final long METHOD_NOT_FOUND = -32601;

  private static final long PARSE_ERROR = -32700;
  private static final long INVALID_REQUEST = -32600;
  private static final long INVALID_PARAMS = -32602;
  private static final long HEAD_1 = word("{\"jsonrp");
  private static final long HEAD_2 = word("c\":\"2.0\"");
  private static final long HEAD_3 = word("\0\0,\"id\":");
  private static final long RESULT = word(",\"result");
  private static final int HEAD_BYTES = 22;
  private static final int MOST_DIGITS = 15;

  private final AnswerScanner scanner = new AnswerScanner(new byte[RequestScanner.WINDOW_BYTES]);
  private long id;
  private int idStart;
  private int idEnd;
  private Kind kind = Kind.OTHER;
  private long errorCode;

  /** What a message is. */
  enum Kind {
    /** An answer, or what has an id like one. */
    ANSWER,
    /** An error of which it does not say whose it is. */
    NOBODYS_ERROR,
    /** JSON that is no answer, as a notification is. */
    OTHER,
    /** No JSON. */
    MALFORMED
  }

  private static long word(String ascii) {
    long word = 0;
    for (int i = 0; i < ascii.length(); i++) {
      word = (word << Byte.SIZE) | ascii.charAt(i);
    }
    return word;
  }

  /** Reads a whole message, its readable bytes, and leaves it as it is. */
  void read(ByteBuf message) {
    if (!hasReadUsual(message)) {
      begin();
      feed(message);
      finish();
    }
  }

  private boolean hasReadUsual(ByteBuf message) {
    int start = message.readerIndex();
    int end = message.writerIndex();
    int last = Math.min(start + HEAD_BYTES + MOST_DIGITS, end - Long.BYTES);
    if (last <= start + HEAD_BYTES
        || message.getLong(start) != HEAD_1
        || message.getLong(start + 8) != HEAD_2
        || (message.getLong(start + 14) & 0xffffffffffffL) != HEAD_3) {
      return false;
    }
    int at = start + HEAD_BYTES;
    long number = 0;
    for (; at < last && isDigit(message.getByte(at)); at++) {
      number = 10 * number + message.getByte(at) - '0';
    }
    if (at == start + HEAD_BYTES || message.getLong(at) != RESULT) {
      return false;
    }
    set(number, HEAD_BYTES, at - start);
    return true;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private void set(long number, int start, int end) {
    id = number;
    idStart = start;
    idEnd = end;
    kind = Kind.ANSWER;
    errorCode = AnswerScanner.NO_CODE;
  }

  /** Begins a message that comes in pieces. */
  void begin() {
    scanner.reset();
  }

  /** Reads the next piece, and leaves it as it is. */
  void feed(ByteBuf piece) {
    scanner.feed(piece);
  }

  /** The id in what has been fed so far, {@link #NO_ID} if there was none yet. */
  long idSoFar() {
    long number = scanner.idNumber();
    return number < 0 ? NO_ID : number;
  }

  /** Says what the message is that was fed. */
  void finish() {
    AnswerKind what = scanner.finish();
    set(idSoFar(), (int) scanner.idStart(), (int) scanner.idEnd());
    errorCode = what == AnswerKind.ERROR ? scanner.errorCode() : AnswerScanner.NO_CODE;
    if (what == AnswerKind.NOT_JSON || what == AnswerKind.TRUNCATED || !scanner.isComplete()) {
      kind = Kind.MALFORMED;
    } else if (id == NO_ID) {
      kind = what == AnswerKind.ERROR ? Kind.NOBODYS_ERROR : Kind.OTHER;
    }
  }

  Kind kind() {
    return kind;
  }

  /** Whose answer it is; {@link #NO_ID} if it does not say so. */
  long id() {
    return id;
  }

  /** Where the id begins, from the first readable byte. */
  int idStart() {
    return idStart;
  }

  /** Where the id ends, from the first readable byte. */
  int idEnd() {
    return idEnd;
  }

  /** Whether it is an error that refuses the call's form, its method or its parameters. */
  boolean isNotUnderstood() {
    return errorCode == PARSE_ERROR
        || (errorCode <= INVALID_REQUEST && errorCode >= INVALID_PARAMS);
  }

  /** The error's code, {@link AnswerScanner#NO_CODE} if it is none or has none. */
  long errorCode() {
    return errorCode;
  }
}
