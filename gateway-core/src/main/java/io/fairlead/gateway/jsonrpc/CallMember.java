package io.fairlead.gateway.jsonrpc;

/**
 * A member of a call object by its name.
 *
 * <p>Names are compared as Go's decoder compares them, so that a name that some node would take for
 * one of the four is known as such: regardless of ASCII case, and with U+017F for {@code s}.
 */
enum CallMember {
  ID,
  METHOD,
  PARAMS,
  VERSION,
  /** One of the four in other letter case, or repeated; its value is not looked at. */
  AMBIGUOUS,
  OTHER;

  /** The packed form of the only version. */
  static final long VERSION_2 = JsonWalker.pack("2.0");

  private static final long ID_KEY = JsonWalker.pack("id");
  private static final long METHOD_KEY = JsonWalker.pack("method");
  private static final long PARAMS_KEY = JsonWalker.pack("params");
  private static final long PARAMS_FOLDED = JsonWalker.pack("param\u00c5\u00bf");
  private static final long VERSION_KEY = JsonWalker.pack("jsonrpc");
  private static final long VERSION_FOLDED = JsonWalker.pack("j\u00c5\u00bfonrpc");
  private static final long CASE_BITS = 0x2020202020202020L;

  /** The member that a key names in any spelling. */
  static CallMember of(long key) {
    if (isAlike(key, ID_KEY)) {
      return ID;
    }
    if (isAlike(key, METHOD_KEY)) {
      return METHOD;
    }
    if (isAlike(key, PARAMS_KEY) || isAlike(key, PARAMS_FOLDED)) {
      return PARAMS;
    }
    return isAlike(key, VERSION_KEY) || isAlike(key, VERSION_FOLDED) ? VERSION : OTHER;
  }

  /** Whether a key names one of the four exactly. */
  static boolean isExact(long key) {
    return key == ID_KEY || key == METHOD_KEY || key == PARAMS_KEY || key == VERSION_KEY;
  }

  private static boolean isAlike(long key, long name) {
    return (key | CASE_BITS) == (name | CASE_BITS);
  }
}
