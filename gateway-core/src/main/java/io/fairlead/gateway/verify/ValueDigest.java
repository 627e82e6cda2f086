package io.fairlead.gateway.verify;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is left of a JSON value so that it can be compared with another's: sums of a keyed hash over
 * its leaves, one sum for all that must agree and one for each member that need not be there.
 *
 * <p><b>Idea.</b> Every leaf is hashed together with the path that leads to it, keys and indices,
 * and the hashes are added up. Addition does not mind the order, so the order of keys does not
 * matter while that of an array's elements does; and the memory is a few numbers however large the
 * value. That the sum of hashes hides no difference rests on the key: it is drawn anew by each
 * process and never leaves it, so who answers cannot search for leaves whose hashes cancel out.
 * Then two different values have the same sum with a probability of 2^-128.
 *
 * <p>Source: Clarke, Devadas, van Dijk, Gassend, Suh, "Incremental multiset hash functions and
 * their application to memory integrity checking", ASIACRYPT 2003 (MSet-Add-Hash).
 *
 * <p>Thread-safety: confined to one thread.
 */
final class ValueDigest {
  /** Members beyond so many that need not be there are not compared. */
  private static final int MOST_OPTIONAL = 64;

  /** One sum. */
  static final class Sum {
    private long high;
    private long low;
    private long leaves;

    void add(KeyedHash hash) {
      long before = low;
      low += hash.low();
      int carry = Long.compareUnsigned(low, before) < 0 ? 1 : 0;
      high += hash.high() + carry;
      leaves++;
    }

    boolean isLike(Sum other) {
      return high == other.high && low == other.low && leaves == other.leaves;
    }
  }

  private final Sum required = new Sum();
  private final Map<Shape, Map<String, Sum>> optional = new EnumMap<>(Shape.class);
  private int sums;
  private final Sum beyond = new Sum();

  Sum required() {
    return required;
  }

  /** The sum of a member that need not be there. */
  Sum optional(Shape shape, String member) {
    Map<String, Sum> members = optional.computeIfAbsent(shape, s -> new HashMap<>());
    Sum present = members.get(member);
    if (present != null) {
      return present;
    }
    if (sums >= MOST_OPTIONAL) {
      return beyond;
    }
    Sum made = new Sum();
    members.put(member, made);
    sums++;
    return made;
  }

  /**
   * Whether both say the same as far as they can be compared. A member that one of them leaves out
   * in some records is not compared.
   */
  boolean agreesWith(ValueDigest other) {
    if (!required.isLike(other.required)) {
      return false;
    }
    for (Map.Entry<Shape, Map<String, Sum>> entry : optional.entrySet()) {
      Map<String, Sum> theirs = other.optional.get(entry.getKey());
      if (theirs != null && !agree(entry.getValue(), theirs)) {
        return false;
      }
    }
    return true;
  }

  private static boolean agree(Map<String, Sum> ours, Map<String, Sum> others) {
    for (Map.Entry<String, Sum> entry : ours.entrySet()) {
      Sum mine = entry.getValue();
      Sum theirs = others.get(entry.getKey());
      if (theirs != null && theirs.leaves == mine.leaves && !theirs.isLike(mine)) {
        return false;
      }
    }
    return true;
  }

  /** A few digits to tell answers of one process apart. */
  String toShort() {
    return String.format(Locale.ROOT, "%08x", (int) required.low);
  }
}
