package io.fairlead.gateway.jsonrpc.method;

import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * All methods that the gateway knows of a chain family, found by the bytes of their names.
 *
 * <p>Look-up is one probe or two of a hash table: the hash mixes the first and last eight bytes and
 * the length, then the name is compared in full; nothing is allocated. A method without a spec of
 * its own falls to the longest pattern that fits, at last to {@code *}.
 *
 * <p>Thread-safety: immutable.
 */
public final class MethodSpecs {
  private static final String EVM = "evm-methods.txt";
  private static final int LONGEST = 128;

  private final List<MethodRow> rows;
  private final List<MethodSpec> specs;
  private final MethodSpec[] table;
  private final MethodSpec[] patterns;

  private MethodSpecs(List<MethodRow> rows) {
    this.rows = List.copyOf(rows);
    List<MethodSpec> specs = new ArrayList<>();
    for (MethodRow row : rows) {
      specs.add(new MethodSpec(specs.size(), row));
    }
    this.specs = List.copyOf(specs);
    table = new MethodSpec[Integer.highestOneBit(specs.size() * 4)];
    for (MethodSpec spec : specs) {
      if (spec.isExact()) {
        put(spec);
      }
    }
    patterns =
        specs.stream()
            .filter(spec -> !spec.isExact())
            .sorted(Comparator.comparingInt((MethodSpec spec) -> -spec.bytes().length))
            .toArray(MethodSpec[]::new);
    if (patterns.length == 0 || patterns[patterns.length - 1].bytes().length > 0) {
      throw new IllegalArgumentException("method data: no row for '*' (expected: one)");
    }
  }

  /**
   * The methods of EVM chains.
   *
   * @return the specs, read from the program's resources
   */
  public static MethodSpecs evm() {
    List<MethodRow> rows = new ArrayList<>();
    for (List<String> cells : DataRows.read(MethodSpecs.class, EVM)) {
      rows.add(new MethodRow(cells));
    }
    return new MethodSpecs(rows);
  }

  /**
   * These methods and what else is said of some.
   *
   * @param definitions by a method's name, or a beginning and {@code *}: words by the columns that
   *     they replace. The other columns are as they were for that name.
   * @return all methods; those that were there keep their index
   */
  public MethodSpecs with(Map<String, Map<String, String>> definitions) {
    if (definitions.isEmpty()) {
      return this;
    }
    List<MethodRow> changed = new ArrayList<>(rows);
    definitions.forEach(
        (name, columns) -> {
          MethodSpec before = spec(name);
          MethodRow row = rows.get(before.index()).with(name, columns);
          if (before.name().equals(name)) {
            changed.set(before.index(), row);
          } else {
            changed.add(row);
          }
        });
    return new MethodSpecs(changed);
  }

  /** Whether a spec is one of these and not of another configuration's. */
  boolean isOwn(MethodSpec spec) {
    return spec.index() < specs.size() && specs.get(spec.index()) == spec;
  }

  /** What a name, or a beginning and a star, has been up to now. */
  private MethodSpec spec(String name) {
    for (MethodSpec spec : specs) {
      if (spec.name().equals(name)) {
        return spec;
      }
    }
    byte[] beginning = JsonSkip.ascii(name.endsWith("*") ? name.replace("*", "") : name);
    return findPattern(Unpooled.wrappedBuffer(beginning), 0, beginning.length);
  }

  /**
   * How many specs there are.
   *
   * @return one more than the highest {@link MethodSpec#index()}
   */
  public int size() {
    return specs.size();
  }

  /**
   * All specs.
   *
   * @return in the order of their indexes
   */
  public List<MethodSpec> all() {
    return specs;
  }

  /**
   * The spec of a call's method.
   *
   * @param body the body that was scanned
   * @param call the spans of a call with a method
   * @return its own spec or that of a pattern
   */
  public MethodSpec find(ByteBuf body, CallSpans call) {
    if (call.isMethodEscaped()) {
      byte[] name = MethodName.unescape(body, call.methodStart(), call.methodLength());
      return find(Unpooled.wrappedBuffer(name), 0, name.length);
    }
    return find(body, call.methodStart(), call.methodLength());
  }

  /**
   * The spec of a method by its name.
   *
   * @param buffer where the name stands, without quotes and escapes
   * @param start the index of its first byte
   * @param length its length
   * @return its own spec or that of a pattern
   */
  public MethodSpec find(ByteBuf buffer, int start, int length) {
    if (length > 0 && length <= LONGEST) {
      int mask = table.length - 1;
      for (int i = hash(buffer, start, length) & mask; ; i = (i + 1) & mask) {
        MethodSpec spec = table[i];
        if (spec == null) {
          break;
        }
        if (spec.bytes().length == length && MethodName.startsWith(buffer, start, spec.bytes())) {
          return spec;
        }
      }
    }
    return findPattern(buffer, start, length);
  }

  private MethodSpec findPattern(ByteBuf buffer, int start, int length) {
    for (MethodSpec spec : patterns) {
      if (spec.bytes().length <= length && MethodName.startsWith(buffer, start, spec.bytes())) {
        return spec;
      }
    }
    return patterns[patterns.length - 1];
  }

  private void put(MethodSpec spec) {
    ByteBuf name = Unpooled.wrappedBuffer(spec.bytes());
    int mask = table.length - 1;
    int i = hash(name, 0, spec.bytes().length) & mask;
    while (table[i] != null) {
      if (table[i].name().equals(spec.name())) {
        throw new IllegalArgumentException("method: '" + spec.name() + "' (expected: once)");
      }
      i = (i + 1) & mask;
    }
    table[i] = spec;
  }

  private static int hash(ByteBuf buffer, int start, int length) {
    long first;
    long last;
    if (length >= Long.BYTES) {
      first = buffer.getLong(start);
      last = buffer.getLong(start + length - Long.BYTES);
    } else {
      first = JsonSkip.pack(buffer, start, start + length);
      last = 0;
    }
    long mixed = (first * 31 + last + length) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 40);
  }
}
