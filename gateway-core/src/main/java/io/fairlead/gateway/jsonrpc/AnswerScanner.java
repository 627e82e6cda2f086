package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;

/**
 * Learns from an upstream's answer, fragment by fragment, what the data plane must know before it
 * may pass the bytes on: result or error, the error's code and text, and where the id stands.
 *
 * <p><b>How far it reads.</b> If the id precedes the result, as most nodes write it, the scan stops
 * at the result's first byte and the rest is only checked for its last byte, a brace: framing by
 * HTTP says the rest. If the result comes first (Nethermind, Erigon), or is null (an error may
 * follow), the value is walked to find what comes after. An error is held until its code, its
 * message and the beginning of its data are known.
 *
 * <p>An {@code error} of null is no error; a {@code result} of null beside an error is no result.
 * Text beyond ASCII is not examined: it passes through as it came. Members that come after the
 * answer was decided change nothing.
 *
 * <p>Use: {@link #reset()}, {@link #feed} fragments in order and hold them while not {@link
 * #isDecided()}, then pass them on through an {@link AnswerSplicer}; feed the others as they come;
 * {@link #finish()} at the end.
 *
 * <p>Thread-safety: none, confined to one event loop. Ownership: fragments stay the caller's.
 */
public final class AnswerScanner {
  /** How many bytes of an error's message are kept. */
  public static final int MESSAGE_KEPT_BYTES = 512;

  /** How many bytes of an error's data are kept. */
  public static final int DATA_KEPT_BYTES = 128;

  /** What {@link #errorCode()} says if the error has no whole number for a code. */
  public static final long NO_CODE = Long.MIN_VALUE;

  private static final int ID_KEPT_BYTES = 64;
  private static final int CODE_KEPT_BYTES = 24;
  private static final int MAX_DEPTH = 8192;
  private static final long RESULT = JsonWalker.pack("result");
  private static final long ERROR = JsonWalker.pack("error");
  private static final long ID = JsonWalker.pack("id");
  private static final long CODE = JsonWalker.pack("code");
  private static final long MESSAGE = JsonWalker.pack("message");
  private static final long DATA = JsonWalker.pack("data");

  private final byte[] window;
  private final Walker walker = new Walker();
  private final Excerpt id = new Excerpt(ID_KEPT_BYTES);
  private final Excerpt code = new Excerpt(CODE_KEPT_BYTES);
  private final Excerpt message = new Excerpt(MESSAGE_KEPT_BYTES);
  private final Excerpt data = new Excerpt(DATA_KEPT_BYTES);
  private AnswerKind kind = AnswerKind.PENDING;
  private boolean decided;
  private boolean complete;
  private long offset;
  private byte lastByte;
  private long idStart;
  private long idEnd;
  private long valueStart;
  private long valueEnd;
  private boolean nullResult;

  /**
   * A scanner.
   *
   * @param window room for some KiB ({@link RequestScanner#WINDOW_BYTES} is a good size), may be
   *     shared by all scanners of an event loop
   */
  public AnswerScanner(byte[] window) {
    this.window = window;
    reset();
  }

  /** Begins a new answer. */
  public void reset() {
    walker.begin();
    id.clear();
    code.clear();
    message.clear();
    data.clear();
    kind = AnswerKind.PENDING;
    decided = false;
    complete = false;
    offset = 0;
    lastByte = 0;
    idStart = -1;
    idEnd = -1;
    valueStart = -1;
    valueEnd = -1;
    nullResult = false;
  }

  /**
   * Scans the next fragment.
   *
   * @param fragment its readable bytes; left as it is
   * @return whether the answer is decided
   */
  public boolean feed(ByteBuf fragment) {
    if (walker.outcome() == JsonWalker.Outcome.OPEN) {
      walker.walk(fragment, offset, window);
      if (walker.isRefused()) {
        decide(decided ? kind : AnswerKind.NOT_JSON);
      }
    }
    offset += fragment.readableBytes();
    noteLastByte(fragment);
    return decided;
  }

  /**
   * Settles the answer after its last fragment.
   *
   * @return what it is; never {@link AnswerKind#PENDING}
   */
  public AnswerKind finish() {
    JsonWalker.Outcome outcome = walker.end(offset);
    complete =
        outcome == JsonWalker.Outcome.COMPLETE
            || (outcome == JsonWalker.Outcome.HALTED && walker.isObject() && lastByte == '}');
    if (!decided) {
      decide(lastByte == 0 || !walker.isObject() ? AnswerKind.NOT_JSON : AnswerKind.TRUNCATED);
    }
    return kind;
  }

  /**
   * What the answer is, as far as it is known.
   *
   * @return {@link AnswerKind#PENDING} until {@link #isDecided()}
   */
  public AnswerKind kind() {
    return decided ? kind : AnswerKind.PENDING;
  }

  /**
   * Whether enough was read to know what the answer is and, of an error, its code and message.
   *
   * @return true once fragments need no longer be held
   */
  public boolean isDecided() {
    return decided;
  }

  /**
   * Whether the whole answer was there, to be asked after {@link #finish()}.
   *
   * @return false for one that was cut or broken off
   */
  public boolean isComplete() {
    return complete;
  }

  /**
   * Whether the result is null.
   *
   * @return true for {@code "result":null} without an error
   */
  public boolean isNullResult() {
    return nullResult && kind() == AnswerKind.RESULT;
  }

  /**
   * The offset of the id's first byte.
   *
   * @return -1 while no id was seen
   */
  public long idStart() {
    return idStart;
  }

  /**
   * The offset after the id.
   *
   * @return -1 while no id was seen
   */
  public long idEnd() {
    return idEnd;
  }

  /**
   * The offset of the first byte of the result or the error.
   *
   * @return -1 while it was not seen
   */
  public long valueStart() {
    return valueStart;
  }

  /**
   * The offset after the result or the error.
   *
   * @return -1 while it was not seen or if it is not looked for, because the id came first
   */
  public long valueEnd() {
    return valueEnd;
  }

  /**
   * The offset after what was fed.
   *
   * @return bytes
   */
  public long scanned() {
    return offset;
  }

  /**
   * The error's code.
   *
   * @return a whole number, written as number or string, or {@link #NO_CODE}
   */
  public long errorCode() {
    return code.toNumber();
  }

  /**
   * The id, if it is a number.
   *
   * @return a whole number, written as number or string, or {@link #NO_CODE}
   */
  public long idNumber() {
    return idEnd < 0 ? NO_CODE : id.toNumber();
  }

  /** The id as written, if it is short. */
  Excerpt id() {
    return id;
  }

  /**
   * The first bytes of the error's message as written, quotes and escapes included.
   *
   * @return valid until the next {@link #reset()}
   */
  public Excerpt message() {
    return message;
  }

  /**
   * The first bytes of the error's data as written.
   *
   * @return valid until the next {@link #reset()}
   */
  public Excerpt data() {
    return data;
  }

  /**
   * The error's message, for logs and events.
   *
   * @return its beginning as written, without quotes
   */
  public String errorMessage() {
    return message.toText();
  }

  private void decide(AnswerKind what) {
    kind = what;
    decided = true;
  }

  private void noteLastByte(ByteBuf fragment) {
    for (int i = fragment.writerIndex() - 1; i >= fragment.readerIndex(); i--) {
      byte b = fragment.getByte(i);
      if (!JsonWalker.isSpace(b)) {
        lastByte = b;
        return;
      }
    }
  }

  private final class Walker extends JsonWalker {
    private long key;
    private long errorKey;
    private boolean object;
    private Excerpt excerpt = Excerpt.NONE;

    Walker() {
      super(MAX_DEPTH, false);
    }

    void begin() {
      restart();
      watch = 1;
      object = false;
      key = 0;
      errorKey = 0;
      excerpt = Excerpt.NONE;
    }

    boolean isRefused() {
      return outcome() == Outcome.BROKEN || outcome() == Outcome.TOO_DEEP;
    }

    boolean isObject() {
      return object;
    }

    @Override
    void onKey(long packedKey) {
      if (depth() == 1) {
        key = packedKey;
      } else {
        errorKey = packedKey;
      }
    }

    @Override
    void onStart(int atDepth, byte first, long at) {
      if (atDepth == 0) {
        onAnswer(first);
      } else if (atDepth == 1) {
        onMember(first, at);
      } else {
        onErrorMember(at);
      }
    }

    private void onAnswer(byte first) {
      object = first == '{';
      if (!object) {
        decide(first == '[' ? AnswerKind.NOT_AN_ANSWER : AnswerKind.NOT_JSON);
        halt();
      }
    }

    private void onMember(byte first, long at) {
      if (key == ID) {
        idStart = at;
        idEnd = -1;
        begin(id, at);
      } else if (decided) {
        return;
      } else if (key == RESULT && kind != AnswerKind.ERROR) {
        onResult(first, at);
      } else if (key == ERROR && first != 'n') {
        onError(first, at);
      } else if (key == MESSAGE && kind == AnswerKind.PENDING) {
        begin(message, at);
      }
    }

    private void onResult(byte first, long at) {
      valueStart = at;
      valueEnd = -1;
      nullResult = first == 'n';
      if (!nullResult) {
        decide(AnswerKind.RESULT);
        if (idEnd >= 0) {
          halt();
        }
      }
    }

    private void onError(byte first, long at) {
      kind = AnswerKind.ERROR;
      valueStart = at;
      valueEnd = -1;
      nullResult = false;
      watch = 2;
      if (first == '"') {
        begin(message, at);
      }
    }

    private void onErrorMember(long at) {
      if (key != ERROR) {
        return;
      }
      if (errorKey == CODE) {
        begin(code, at);
      } else if (errorKey == MESSAGE) {
        begin(message, at);
      } else if (errorKey == DATA) {
        begin(data, at);
      }
    }

    @Override
    void onEnd(int atDepth, long end) {
      excerpt.endAt(this, end);
      excerpt = Excerpt.NONE;
      if (atDepth == 0) {
        onAnswerEnd();
      } else if (atDepth == 1) {
        onMemberEnd(end);
      }
    }

    private void onMemberEnd(long end) {
      if (key == ID) {
        idEnd = end;
      } else if (key == RESULT && kind != AnswerKind.ERROR && valueEnd < 0) {
        valueEnd = end;
      } else if (key == ERROR && kind == AnswerKind.ERROR && valueEnd < 0) {
        valueEnd = end;
        watch = 1;
        decide(AnswerKind.ERROR);
      }
    }

    private void onAnswerEnd() {
      if (!decided) {
        decide(valueStart >= 0 ? AnswerKind.RESULT : AnswerKind.NOT_AN_ANSWER);
      }
    }

    private void begin(Excerpt of, long at) {
      excerpt = of;
      of.beginAt(at);
    }

    @Override
    void onWindowEnd(long at) {
      excerpt.endAt(this, at);
      if (excerpt == data && data.isFull() && code.length() > 0 && message.length() > 0) {
        decide(AnswerKind.ERROR);
      }
    }
  }
}
