package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;

/**
 * Where the parts of one call stand in the body.
 *
 * <p>Starts are inclusive and ends exclusive; both are -1 for what is absent. Owned by the scanner
 * that filled it and overwritten by its next body: a call that outlives this keeps a copy ({@link
 * #copyFrom}).
 *
 * <p>Thread-safety: none, confined to one event loop.
 */
public final class CallSpans {
  /** How many of the first positional parameters are remembered one by one. */
  public static final int PARAMETERS_KEPT = 4;

  int start;
  int end;
  int idStart;
  int idEnd;
  int methodStart;
  int methodEnd;
  boolean methodEscaped;
  int paramsStart;
  int paramsEnd;
  boolean positional;
  int parameters;
  boolean versioned;
  RequestFault fault = RequestFault.NONE;
  final int[] parameterSpans = new int[2 * PARAMETERS_KEPT];

  /** Spans of nothing. */
  public CallSpans() {
    clear(-1);
  }

  void clear(int at) {
    start = at;
    end = -1;
    idStart = -1;
    idEnd = -1;
    methodStart = -1;
    methodEnd = -1;
    methodEscaped = false;
    paramsStart = -1;
    paramsEnd = -1;
    positional = false;
    parameters = 0;
    versioned = false;
    fault = RequestFault.NONE;
  }

  /**
   * Takes over what another says.
   *
   * @param other the spans to copy
   */
  public void copyFrom(CallSpans other) {
    start = other.start;
    end = other.end;
    idStart = other.idStart;
    idEnd = other.idEnd;
    methodStart = other.methodStart;
    methodEnd = other.methodEnd;
    methodEscaped = other.methodEscaped;
    paramsStart = other.paramsStart;
    paramsEnd = other.paramsEnd;
    positional = other.positional;
    parameters = other.parameters;
    versioned = other.versioned;
    fault = other.fault;
    System.arraycopy(other.parameterSpans, 0, parameterSpans, 0, parameterSpans.length);
  }

  /** The call stands alone from now on, and what was behind an index has moved besides. */
  void move(int from, int by) {
    int base = -start;
    idStart = moved(idStart, from, by, base);
    idEnd = moved(idEnd, from, by, base);
    methodStart = moved(methodStart, from, by, base);
    methodEnd = moved(methodEnd, from, by, base);
    paramsStart = moved(paramsStart, from, by, base);
    paramsEnd = moved(paramsEnd, from, by, base);
    for (int i = 0; i < 2 * Math.min(parameters, PARAMETERS_KEPT); i++) {
      parameterSpans[i] = moved(parameterSpans[i], from, by, base);
    }
    end = end + by + base;
    start = 0;
  }

  private static int moved(int index, int from, int by, int base) {
    if (index < 0) {
      return index;
    }
    return index + base + (index > from ? by : 0);
  }

  /**
   * Why the call is not served.
   *
   * @return {@link RequestFault#NONE} for a call that is whole
   */
  public RequestFault fault() {
    return fault;
  }

  /**
   * Whether the call expects no answer: it is whole and has no id. An id of null expects one.
   *
   * @return true for a notification
   */
  public boolean isNotification() {
    return idStart < 0 && fault == RequestFault.NONE;
  }

  /**
   * The first byte of the call.
   *
   * @return the index of its brace (of whatever it is if no object)
   */
  public int start() {
    return start;
  }

  /**
   * The end of the call.
   *
   * @return the index after its brace
   */
  public int end() {
    return end;
  }

  /**
   * The length of the call.
   *
   * @return bytes from brace to brace
   */
  public int length() {
    return end - start;
  }

  /**
   * The first byte of the id, its quote if it is a string.
   *
   * @return an index, or -1 if there is no valid id
   */
  public int idStart() {
    return idStart;
  }

  /**
   * The length of the id, quotes included.
   *
   * @return bytes, 0 if there is no valid id
   */
  public int idLength() {
    return idEnd - idStart;
  }

  /**
   * The first byte of the method's name, after its quote.
   *
   * @return an index, or -1
   */
  public int methodStart() {
    return methodStart;
  }

  /**
   * The length of the method's name as written, without quotes.
   *
   * @return bytes, 0 if there is none
   */
  public int methodLength() {
    return methodEnd - methodStart;
  }

  /**
   * Whether the method's name is written with escapes.
   *
   * @return true if it has a backslash
   */
  public boolean isMethodEscaped() {
    return methodEscaped;
  }

  /**
   * The first byte of the params, their bracket or brace.
   *
   * @return an index, or -1 if they are absent or null
   */
  public int paramsStart() {
    return paramsStart;
  }

  /**
   * The length of the params.
   *
   * @return bytes with brackets, 0 if they are absent or null
   */
  public int paramsLength() {
    return paramsEnd - paramsStart;
  }

  /**
   * Whether the params are an array.
   *
   * @return false if they are an object, null or absent
   */
  public boolean isPositional() {
    return positional;
  }

  /**
   * How many elements a params array has.
   *
   * @return the number, beyond {@link #PARAMETERS_KEPT} too
   */
  public int parameterCount() {
    return parameters;
  }

  /**
   * The first byte of a positional parameter.
   *
   * @param position 0 to {@link #PARAMETERS_KEPT} - 1
   * @return an index, or -1 if there is no such parameter
   */
  public int parameterStart(int position) {
    return isKept(position) ? parameterSpans[2 * position] : -1;
  }

  /**
   * The length of a positional parameter.
   *
   * @param position 0 to {@link #PARAMETERS_KEPT} - 1
   * @return bytes, 0 if there is no such parameter
   */
  public int parameterLength(int position) {
    return isKept(position) ? parameterSpans[2 * position + 1] - parameterSpans[2 * position] : 0;
  }

  /**
   * Whether the call says {@code "jsonrpc":"2.0"}.
   *
   * @return false if it leaves the version out
   */
  public boolean isVersioned() {
    return versioned;
  }

  /**
   * The call's bytes.
   *
   * @param body the body that was scanned
   * @return a slice with a reference of its own, to be released by the caller
   */
  public ByteBuf retainedSlice(ByteBuf body) {
    return body.retainedSlice(start, length());
  }

  private boolean isKept(int position) {
    return position < Math.min(parameters, PARAMETERS_KEPT);
  }
}
