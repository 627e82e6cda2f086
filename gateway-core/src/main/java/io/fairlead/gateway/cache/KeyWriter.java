package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the canonical form of a call, so that calls which differ in spelling alone get one key.
 *
 * <p><b>Idea.</b> The parameters, already checked as JSON, are copied token by token: white space
 * goes, escapes in strings are resolved, the members of an object are put in the order of their
 * keys, the digits of long hexadecimal strings (20 bytes or more: addresses, hashes, data) become
 * lower case, a block parameter that may be left out is put in as {@code "latest"}, and absent
 * parameters become an empty array. Strings end in a byte that UTF-8 does not know, so that no
 * string can pretend to be two.
 *
 * <p><b>What stays different:</b> leading zeros, short hexadecimal strings in another case, {@code
 * 0X}, numbers that are not strings, null beside absence, {@code data} beside {@code input}: nodes
 * disagree about these, and a merge could turn a refusal into an answer.
 *
 * <p><b>What gets no key</b> and so passes by the cache: names and strings with escapes beyond
 * ASCII (nodes replace or refuse lone surrogates), objects with two keys that are alike but for
 * case, or with keys beyond ASCII (nodes written in Go match names by folded case, and the order
 * decides which counts), parameters by name, a call without {@code "jsonrpc":"2.0"}, parameters
 * beyond {@link #MAX_PARAMS_BYTES}, unordered objects of more than {@link #MAX_MEMBERS} members.
 *
 * <p>On the way it notes which words for moving blocks it met.
 *
 * <p>Cost: about a nanosecond a byte, and one array of the key's length.
 *
 * <p>Source: the patterns of execution-apis, {@code base-types.yaml} and {@code block.yaml}; EIP-55
 * for the letter case of addresses. Thread-safety: confined to one event loop.
 */
final class KeyWriter {
  /** Parameters longer than this get no key. */
  static final int MAX_PARAMS_BYTES = 128 * 1024;

  /** More members than this are not put in order, which takes their square. */
  static final int MAX_MEMBERS = 256;

  private static final int MIN_DIGITS = 40;
  private static final int HASH_CHARS = 66;
  private static final byte END_OF_STRING = (byte) 0xff;
  private static final byte[] LATEST = ascii("latest");
  private static final byte[] PENDING = ascii("pending");
  private static final byte[] SAFE = ascii("safe");
  private static final byte[] FINALIZED = ascii("finalized");
  private static final byte[] EARLIEST = ascii("earliest");
  private static final byte[] FROM_BLOCK = ascii("fromBlock");
  private static final byte[] BLOCK_HASH = ascii("blockHash");

  private final byte[] hash = new byte[HASH_CHARS];
  private byte[] in = new byte[1024];
  private byte[] out = new byte[1024];
  private byte[] sorted = new byte[1024];
  private int[] members = new int[64];
  private int memberCount;
  private int at;
  private int size;
  private boolean unclear;

  private boolean pending;
  private boolean latest;
  private boolean otherTag;
  private boolean fromBlock;
  private boolean hasHash;

  /**
   * The key of a call.
   *
   * @param realm distinguishes chains
   * @param message a call whose method has a spec of its own
   * @return null if the call is none of those that can be compared
   */
  @Nullable CallKey write(int realm, CallMessage message) {
    CallSpans spans = message.spans();
    if (!isComparable(spans)) {
      return null;
    }
    begin(realm);
    name(message.body(), spans);
    parameters(message.body(), spans, omittedBlock(message));
    return unclear ? null : new CallKey(Arrays.copyOf(out, size));
  }

  private static boolean isComparable(CallSpans spans) {
    return spans.isVersioned()
        && !spans.isMethodEscaped()
        && (spans.paramsStart() < 0 || spans.isPositional())
        && spans.paramsLength() <= MAX_PARAMS_BYTES;
  }

  private static boolean omittedBlock(CallMessage message) {
    return message.spec().isBlockOptional()
        && message.spans().parameterCount() == message.spec().blockPosition();
  }

  /** Whether the last call written speaks of the pending block. */
  boolean sawPending() {
    return pending;
  }

  /** Whether the last call written speaks of the latest block. */
  boolean sawLatest() {
    return latest;
  }

  /** Whether the last call written speaks of the earliest, a safe or a finalized block. */
  boolean sawOtherTag() {
    return otherTag;
  }

  /** Whether the last call written says where a range begins. */
  boolean sawFromBlock() {
    return fromBlock;
  }

  /** The value of the member {@code blockHash} of the last call written; null if it has none. */
  @Nullable String blockHash() {
    return hasHash ? new String(hash, StandardCharsets.US_ASCII) : null;
  }

  private void begin(int realm) {
    size = 0;
    memberCount = 0;
    unclear = false;
    pending = false;
    latest = false;
    otherTag = false;
    fromBlock = false;
    hasHash = false;
    for (int shift = 24; shift >= 0; shift -= 8) {
      put((byte) (realm >>> shift));
    }
  }

  private void name(ByteBuf body, CallSpans spans) {
    int length = spans.methodLength();
    reserve(length);
    body.getBytes(spans.methodStart(), out, size, length);
    size += length;
  }

  private void parameters(ByteBuf body, CallSpans spans, boolean latestLeftOut) {
    put((byte) '[');
    int length = spans.paramsLength();
    if (length > 0) {
      if (in.length < length) {
        in = new byte[Math.max(length, 2 * in.length)];
      }
      body.getBytes(spans.paramsStart(), in, 0, length);
      at = 1;
      elements();
    }
    if (latestLeftOut) {
      latest = true;
      put((byte) '"');
      append(LATEST, 0, LATEST.length);
      put(END_OF_STRING);
      put((byte) ',');
    }
    put((byte) ']');
  }

  private void elements() {
    byte next = token();
    while (next != ']') {
      if (next == ',') {
        at++;
      } else {
        value(next);
        put((byte) ',');
      }
      next = token();
    }
    at++;
  }

  /** The first byte that is no white space, not yet read. */
  private byte token() {
    byte b = in[at];
    while (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
      at++;
      b = in[at];
    }
    return b;
  }

  private void value(byte first) {
    switch (first) {
      case '"' -> {
        int start = string();
        noteTag(start, size - start - 1);
      }
      case '{' -> object();
      case '[' -> {
        put(first);
        at++;
        elements();
        put((byte) ']');
      }
      default -> scalar();
    }
  }

  private void scalar() {
    int start = at;
    byte b = in[at];
    while (b != ',' && b != ']' && b != '}' && b > ' ') {
      at++;
      b = in[at];
    }
    append(in, start, at - start);
  }

  /** Copies a string without its escapes; returns where its first byte stands in the key. */
  private int string() {
    put((byte) '"');
    int start = size;
    at++;
    int from = at;
    while (in[at] != '"') {
      if (in[at] == '\\') {
        append(in, from, at - from);
        escape();
        from = at;
      } else {
        at++;
      }
    }
    append(in, from, at - from);
    at++;
    lower(start);
    put(END_OF_STRING);
    return start;
  }

  private void escape() {
    byte letter = in[at + 1];
    at += 2;
    switch (letter) {
      case 'b' -> put((byte) '\b');
      case 'f' -> put((byte) '\f');
      case 'n' -> put((byte) '\n');
      case 'r' -> put((byte) '\r');
      case 't' -> put((byte) '\t');
      case 'u' -> character();
      default -> put(letter);
    }
  }

  private void character() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      code = (code << 4) | HexQuantity.digit(in[at + i]);
    }
    at += 4;
    unclear |= code >= 0x80;
    put((byte) code);
  }

  /** Puts long hexadecimal strings into lower case. */
  private void lower(int start) {
    int length = size - start;
    if (length < 2 + MIN_DIGITS || out[start] != '0' || out[start + 1] != 'x') {
      return;
    }
    boolean upper = false;
    for (int i = start + 2; i < size; i++) {
      if (HexQuantity.digit(out[i]) < 0) {
        return;
      }
      upper |= out[i] <= 'F' && out[i] >= 'A';
    }
    for (int i = start + 2; upper && i < size; i++) {
      out[i] |= (byte) (out[i] >= 'A' ? 0x20 : 0);
    }
  }

  private void noteTag(int start, int length) {
    switch (length) {
      case 4 -> otherTag |= is(SAFE, start);
      case 6 -> latest |= is(LATEST, start);
      case 7 -> pending |= is(PENDING, start);
      case 8 -> otherTag |= is(EARLIEST, start);
      case 9 -> otherTag |= is(FINALIZED, start);
      default -> {}
    }
  }

  private boolean is(byte[] word, int start) {
    return Arrays.equals(word, 0, word.length, out, start, start + word.length);
  }

  private void object() {
    put((byte) '{');
    at++;
    int first = memberCount;
    boolean inOrder = true;
    byte next = token();
    while (next != '}') {
      if (next == ',') {
        at++;
      } else {
        member();
        inOrder &= memberCount - first < 2 || isAscending(memberCount - 2);
      }
      next = token();
    }
    at++;
    if (!inOrder && !unclear) {
      sort(first);
    }
    memberCount = first;
    put((byte) '}');
  }

  private void member() {
    if (memberCount == members.length) {
      members = Arrays.copyOf(members, 2 * members.length);
    }
    members[memberCount] = size;
    memberCount++;
    int key = string();
    int keyLength = size - key - 1;
    token();
    at++;
    int value = size + 1;
    value(token());
    noteMember(key, keyLength, value);
    put((byte) ',');
  }

  private void noteMember(int key, int keyLength, int value) {
    if (keyLength == FROM_BLOCK.length) {
      fromBlock |= is(FROM_BLOCK, key);
      if (is(BLOCK_HASH, key) && size - value - 1 == HASH_CHARS) {
        hasHash = true;
        System.arraycopy(out, value, hash, 0, HASH_CHARS);
      }
    }
    for (int i = key; i < key + keyLength; i++) {
      unclear |= out[i] < 0;
    }
  }

  /** Whether a member stands rightly before the next; of two alike nothing stands rightly. */
  private boolean isAscending(int index) {
    int order = compareKeys(members[index], members[index + 1], out);
    unclear |= order == 0;
    return order < 0;
  }

  /** Compares keys regardless of case; a key ends in a negative byte. */
  private static int compareKeys(int one, int other, byte[] in) {
    int i = one + 1;
    int j = other + 1;
    while (in[i] >= 0 && fold(in[i]) == fold(in[j])) {
      i++;
      j++;
    }
    return fold(in[i]) - fold(in[j]);
  }

  private static int fold(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }

  private void sort(int first) {
    int count = memberCount - first;
    if (count > MAX_MEMBERS) {
      unclear = true;
      return;
    }
    int start = members[first];
    int[] order = inKeyOrder(first, count);
    if (sorted.length < size - start) {
      sorted = new byte[out.length];
    }
    int to = 0;
    for (int index : order) {
      int from = members[index];
      int end = index + 1 < memberCount ? members[index + 1] : size;
      System.arraycopy(out, from, sorted, to, end - from);
      to += end - from;
    }
    System.arraycopy(sorted, 0, out, start, to);
  }

  private int[] inKeyOrder(int first, int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = i;
      while (j > 0 && isBefore(first + i, order[j - 1])) {
        order[j] = order[j - 1];
        j--;
      }
      order[j] = first + i;
    }
    return order;
  }

  private boolean isBefore(int index, int other) {
    int order = compareKeys(members[index], members[other], out);
    unclear |= order == 0;
    return order < 0;
  }

  private void append(byte[] from, int start, int length) {
    reserve(length);
    System.arraycopy(from, start, out, size, length);
    size += length;
  }

  private void put(byte b) {
    reserve(1);
    out[size] = b;
    size++;
  }

  private void reserve(int more) {
    if (out.length - size < more) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, size + more));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
