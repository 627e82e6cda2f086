package io.fairlead.gateway.transaction;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One list in recursive length prefix encoding, read one level deep.
 *
 * <p>Only the canonical encoding is taken, as nodes do: a byte below 0x80 stands for itself, a
 * length is as short as it can be.
 *
 * <p>Thread-safety: immutable. Cost: the bytes are not copied. Source: Ethereum yellow paper,
 * appendix B.
 */
final class RlpList {
  private static final int MAX_ITEMS = 16;
  private static final int STRING = 0x80;
  private static final int LIST = 0xc0;
  private static final int SHORT = 55;

  private final byte[] bytes;
  private final int[] starts = new int[MAX_ITEMS + 1];
  private final int[] contents = new int[MAX_ITEMS];
  private int size;

  private RlpList(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a list that fills a range.
   *
   * @param from the first byte
   * @param to behind the last byte
   * @return null if there is anything else, or more items than any transaction has
   */
  static @Nullable RlpList read(byte[] bytes, int from, int to) {
    RlpList list = new RlpList(bytes);
    if (from >= to || (bytes[from] & 0xff) < LIST) {
      return null;
    }
    int at = list.content(from, to);
    if (at < 0 || list.end(from, at, to) != to) {
      return null;
    }
    while (at < to) {
      int content = list.content(at, to);
      int end = content < 0 ? -1 : list.end(at, content, to);
      if (end < 0 || list.size == MAX_ITEMS) {
        return null;
      }
      list.starts[list.size] = at;
      list.contents[list.size++] = content;
      at = end;
    }
    list.starts[list.size] = to;
    return list;
  }

  /** Where an item's content begins, or -1 if its head is cut or not canonical. */
  private int content(int at, int to) {
    int head = bytes[at] & 0xff;
    if (head < STRING) {
      return at;
    }
    int inKind = head < LIST ? head - STRING : head - LIST;
    int content = at + 1 + Math.max(0, inKind - SHORT);
    if (content > to) {
      return -1;
    }
    boolean isSmall = head == STRING + 1 && content < to && bytes[content] >= 0;
    boolean isPadded = inKind > SHORT && bytes[at + 1] == 0;
    return isSmall || isPadded ? -1 : content;
  }

  /** Where an item ends, or -1 if that is beyond the range or its length is not canonical. */
  private int end(int at, int content, int to) {
    int head = bytes[at] & 0xff;
    if (head < STRING) {
      return at + 1;
    }
    int inKind = head < LIST ? head - STRING : head - LIST;
    long length = inKind;
    if (inKind > SHORT) {
      length = 0;
      for (int i = at + 1; i < content && length <= to; i++) {
        length = (length << 8) | (bytes[i] & 0xff);
      }
      if (length <= SHORT) {
        return -1;
      }
    }
    return length <= to - content ? (int) (content + length) : -1;
  }

  /** How many items it has. */
  int size() {
    return size;
  }

  /** Where an item begins, its head included; for {@link #size()} where the list ends. */
  int start(int item) {
    return starts[item];
  }

  boolean isList(int item) {
    return (bytes[starts[item]] & 0xff) >= LIST;
  }

  /** An item that is a list itself; null if it is none. */
  @Nullable RlpList list(int item) {
    return isList(item) ? read(bytes, starts[item], starts[item + 1]) : null;
  }

  /** An item that is a number; null for a list, for leading zeros, and beyond 256 bits. */
  @Nullable BigInteger number(int item) {
    int length = starts[item + 1] - contents[item];
    if (isList(item) || length > 32 || (length > 0 && bytes[contents[item]] == 0)) {
      return null;
    }
    return new BigInteger(1, Arrays.copyOfRange(bytes, contents[item], starts[item + 1]));
  }

  /**
   * A list of some of the items, encoded, and more behind them.
   *
   * @param items how many from the first on
   * @param more encoded items
   */
  byte[] prefix(int items, byte[] more) {
    int from = starts[0];
    int length = starts[items] - from;
    byte[] head = head(length + more.length);
    byte[] list = new byte[head.length + length + more.length];
    System.arraycopy(head, 0, list, 0, head.length);
    System.arraycopy(bytes, from, list, head.length, length);
    System.arraycopy(more, 0, list, head.length + length, more.length);
    return list;
  }

  private static byte[] head(int length) {
    if (length <= SHORT) {
      return new byte[] {(byte) (LIST + length)};
    }
    byte[] digits = BigInteger.valueOf(length).toByteArray();
    int skipped = digits[0] == 0 ? 1 : 0;
    byte[] head = new byte[1 + digits.length - skipped];
    head[0] = (byte) (LIST + SHORT + head.length - 1);
    System.arraycopy(digits, skipped, head, 1, digits.length - skipped);
    return head;
  }

  /** A number, encoded. */
  static byte[] encode(BigInteger number) {
    byte[] digits = number.toByteArray();
    int skipped = digits[0] == 0 ? 1 : 0;
    int length = digits.length - skipped;
    if (length == 1 && digits[skipped] >= 0) {
      return new byte[] {digits[skipped]};
    }
    byte[] item = new byte[1 + length];
    item[0] = (byte) (STRING + length);
    System.arraycopy(digits, skipped, item, 1, length);
    return item;
  }
}
