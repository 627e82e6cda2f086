package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;

/**
 * Finds the calls of a client's body and the spans of their parts, fragment by fragment.
 *
 * <p>The whole body is checked as JSON before any of it is believed. What real nodes take
 * differently is decided here once:
 *
 * <ul>
 *   <li>A repeated {@code id}, {@code method}, {@code params} or {@code jsonrpc}, or one in other
 *       letter case, is refused: nodes disagree on which wins (those written in Go match names
 *       regardless of case), so a call could be one thing to the gateway and another to the node.
 *       Escapes in names are resolved first.
 *   <li>A missing {@code jsonrpc} passes and the node decides; a wrong one is refused as geth does.
 *   <li>{@code "params":null} passes as absent params, as geth takes it. Members of other names
 *       pass.
 *   <li>{@code "id":null} is a call with a null id. An id of another type is refused with a null
 *       id. A faulty call without an id is answered with a null id: it is no notification.
 * </ul>
 *
 * <p>Use: {@link #reset()}, {@link #feed} each fragment in order, {@link #finish()}, read. Reused
 * over bodies; allocates only to remember a batch larger than any before.
 *
 * <p>Thread-safety: none, confined to one event loop. Ownership: fragments stay the caller's.
 */
public final class RequestScanner {
  /** A good size for the window: small enough to stay in the first-level cache. */
  public static final int WINDOW_BYTES = 8 << 10;

  private final int maxBatch;
  private final byte[] window;
  private final Walker walker;
  private CallSpans[] calls = {new CallSpans()};
  private int size;
  private boolean batch;
  private RequestFault fault = RequestFault.NONE;
  private int offset;

  /**
   * A scanner.
   *
   * @param maxBatch the most calls in a batch
   * @param maxDepth the most containers inside each other
   * @param window room for some KiB ({@link #WINDOW_BYTES} is a good size), may be shared by all
   *     scanners of an event loop
   */
  public RequestScanner(int maxBatch, int maxDepth, byte[] window) {
    this.maxBatch = maxBatch;
    this.window = window;
    walker = new Walker(maxDepth);
  }

  /** Begins a new body. Spans handed out before are void. */
  public void reset() {
    size = 0;
    batch = false;
    fault = RequestFault.NONE;
    offset = 0;
    walker.begin();
  }

  /**
   * Scans the next fragment.
   *
   * @param fragment its readable bytes; left as it is
   * @return false once the body is known to be refused; more need not be fed
   */
  public boolean feed(ByteBuf fragment) {
    walker.walk(fragment, offset, window);
    offset += fragment.readableBytes();
    return walker.outcome() == JsonWalker.Outcome.OPEN;
  }

  /**
   * Settles the body after its last fragment.
   *
   * @return what is wrong with the body as a whole; faults of single calls are theirs
   */
  public RequestFault finish() {
    fault =
        switch (walker.end(offset)) {
          case COMPLETE -> batch && size == 0 ? RequestFault.EMPTY_BATCH : fault;
          case TOO_DEEP -> RequestFault.TOO_DEEP;
          case HALTED -> RequestFault.BATCH_TOO_LARGE;
          default -> RequestFault.NOT_JSON;
        };
    return fault;
  }

  /**
   * Whether the body is an array.
   *
   * @return true for a batch
   */
  public boolean isBatch() {
    return batch;
  }

  /**
   * How many calls there are, faulty ones included.
   *
   * @return 1 if the body is a single call
   */
  public int size() {
    return size;
  }

  /**
   * One of the calls.
   *
   * @param index 0 to size - 1, in the order of the body
   * @return its spans, valid until the next {@link #reset()}
   */
  public CallSpans call(int index) {
    return calls[index];
  }

  private CallSpans nextCall(int at) {
    if (size == calls.length) {
      CallSpans[] more = new CallSpans[Math.min(maxBatch, 4 * size)];
      System.arraycopy(calls, 0, more, 0, size);
      for (int i = size; i < more.length; i++) {
        more[i] = new CallSpans();
      }
      calls = more;
    }
    CallSpans call = calls[size];
    call.clear(at);
    size++;
    return call;
  }

  private final class Walker extends JsonWalker {
    private CallSpans call = calls[0];
    private CallMember member = CallMember.OTHER;
    private int seen;

    Walker(int maxDepth) {
      super(maxDepth, true);
    }

    void begin() {
      restart();
      watch = 0;
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // a bit in a set that lives as long as one call
    void onKey(long packedKey) {
      if (depthInCall() != 1) {
        return;
      }
      member = CallMember.of(packedKey);
      if (member == CallMember.OTHER) {
        return;
      }
      int bit = 1 << member.ordinal();
      if ((seen & bit) != 0 || !CallMember.isExact(packedKey)) {
        onAmbiguous();
      }
      seen |= bit;
    }

    private void onAmbiguous() {
      refuse(RequestFault.AMBIGUOUS_MEMBER);
      if (member == CallMember.ID) {
        call.idStart = -1;
        call.idEnd = -1;
      }
      member = CallMember.AMBIGUOUS;
    }

    @Override
    void onStart(int atDepth, byte first, long at) {
      int level = batch ? atDepth - 1 : atDepth;
      if (level == 1 && size > 0) {
        onMember(first, (int) at);
      } else if (level == 2) {
        onParameter((int) at);
      } else if (atDepth == 0) {
        onBody(first, (int) at);
      } else if (size == maxBatch) {
        halt();
      } else {
        onCall(first, (int) at);
      }
    }

    @Override
    void onEnd(int atDepth, long end) {
      int level = batch ? atDepth - 1 : atDepth;
      if (level == 1) {
        onMemberEnd((int) end);
      } else if (level == 2) {
        onParameterEnd((int) end);
      } else if (level == 0 && size > 0) {
        onCallEnd((int) end);
      }
    }

    private int depthInCall() {
      return depth() - (batch ? 1 : 0);
    }

    private void onBody(byte first, int at) {
      if (first == '[') {
        batch = true;
        watch = 3;
      } else if (first == '{') {
        watch = 2;
        onCall(first, at);
      } else {
        fault = RequestFault.NOT_A_CALL;
      }
    }

    private void onCall(byte first, int at) {
      call = nextCall(at);
      member = CallMember.OTHER;
      seen = 0;
      if (first != '{') {
        refuse(RequestFault.NOT_AN_OBJECT);
      }
    }

    private void onCallEnd(int end) {
      call.end = end;
      if (call.methodEnd <= call.methodStart) {
        refuse(RequestFault.NO_METHOD);
      }
    }

    private void onMember(byte first, int at) {
      switch (member) {
        case ID -> onId(first, at);
        case METHOD -> {
          call.methodStart = first == '"' ? at + 1 : -1;
          refuseUnless(first == '"', RequestFault.BAD_METHOD);
        }
        case PARAMS -> onParams(first, at);
        case VERSION -> refuseUnless(first == '"', RequestFault.BAD_VERSION);
        default -> {}
      }
    }

    private void onId(byte first, int at) {
      if (first == '"' || first == '-' || first == 'n' || (first >= '0' && first <= '9')) {
        call.idStart = at;
      } else {
        refuse(RequestFault.BAD_ID);
      }
    }

    private void onParams(byte first, int at) {
      call.positional = first == '[';
      if (first == '[' || first == '{') {
        call.paramsStart = at;
      } else {
        refuseUnless(first == 'n', RequestFault.BAD_PARAMS);
      }
    }

    private void onMemberEnd(int end) {
      switch (member) {
        case ID -> call.idEnd = call.idStart < 0 ? -1 : end;
        case METHOD -> {
          call.methodEnd = call.methodStart < 0 ? -1 : end - 1;
          call.methodEscaped = lastString().hadEscapes();
        }
        case PARAMS -> call.paramsEnd = call.paramsStart < 0 ? -1 : end;
        case VERSION -> {
          call.versioned = lastString().packed() == CallMember.VERSION_2;
          refuseUnless(call.versioned, RequestFault.BAD_VERSION);
        }
        default -> {}
      }
      member = CallMember.OTHER;
    }

    private void onParameter(int at) {
      if (member == CallMember.PARAMS && call.positional) {
        if (call.parameters < CallSpans.PARAMETERS_KEPT) {
          call.parameterSpans[2 * call.parameters] = at;
        }
        call.parameters++;
      }
    }

    private void onParameterEnd(int end) {
      int last = call.parameters - 1;
      if (member == CallMember.PARAMS && call.positional && last < CallSpans.PARAMETERS_KEPT) {
        call.parameterSpans[2 * last + 1] = end;
      }
    }

    private void refuseUnless(boolean met, RequestFault why) {
      if (!met) {
        refuse(why);
      }
    }

    private void refuse(RequestFault why) {
      if (call.fault == RequestFault.NONE) {
        call.fault = why;
      }
    }
  }
}
