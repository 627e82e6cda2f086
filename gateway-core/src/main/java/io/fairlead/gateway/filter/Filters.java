package io.fairlead.gateway.filter;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one chain, by the ids that clients know them by.
 *
 * <p>An id is 128 random bits, so that nobody finds another's filter by trying; it is written like
 * a quantity, for some clients read it as a number and write it anew. A filter that nobody has used
 * for {@link #IDLE_NANOS} is gone, as on a node.
 *
 * <p>Bounds: {@link #MOST_BYTES} of memory for all together, and {@link #MOST_FILTERS}.
 *
 * <p>Thread-safety: safe, without locks on the way of a poll.
 */
public final class Filters {
  /** After so long without use a filter is forgotten; geth's own time. */
  static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);

  static final int MOST_FILTERS = 10_000;
  static final long MOST_BYTES = 128L * 1024 * 1024;

  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int ID_DIGITS = 32;

  private final RandomGenerator random;
  private final Map<String, Filter> filters = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong sweptNanos;

  /**
   * None yet.
   *
   * @param random makes ids; must not be guessable, and safe for use on all event loops
   * @param nowNanos monotonic time
   */
  public Filters(RandomGenerator random, long nowNanos) {
    this.random = random;
    this.sweptNanos = new AtomicLong(nowNanos);
  }

  /**
   * Keeps a filter.
   *
   * @return its id, or null if there are too many
   */
  @Nullable String tryAdd(Filter filter, long nowNanos) {
    sweep(nowNanos);
    int weight = filter.weightBytes();
    if (filters.size() >= MOST_FILTERS || bytes.addAndGet(weight) > MOST_BYTES) {
      if (filters.size() < MOST_FILTERS) {
        bytes.addAndGet(-weight);
      }
      return null;
    }
    String id = newId();
    filters.put(id, filter);
    return "0x" + id;
  }

  /** Without a leading zero, which those who take it for a number would drop. */
  private String newId() {
    long high = random.nextLong() | Long.MIN_VALUE;
    return String.format(Locale.ROOT, "%016x%016x", high, random.nextLong());
  }

  /**
   * The filter that an id names.
   *
   * @param id as a client wrote it
   */
  @Nullable Filter find(String id, long nowNanos) {
    sweep(nowNanos);
    return filters.get(key(id));
  }

  /** Forgets a filter; false if there was none. */
  boolean remove(String id) {
    Filter removed = filters.remove(key(id));
    if (removed != null) {
      bytes.addAndGet(-removed.weightBytes());
    }
    return removed != null;
  }

  private static String key(String id) {
    boolean isHex = id.startsWith("0x") || id.startsWith("0X");
    String digits = isHex ? id.substring(2).toLowerCase(Locale.ROOT) : "";
    int zeros = 0;
    while (digits.length() - zeros > ID_DIGITS && digits.charAt(zeros) == '0') {
      zeros++;
    }
    return digits.substring(zeros);
  }

  private void sweep(long nowNanos) {
    long before = sweptNanos.get();
    if (nowNanos - before < SWEEP_NANOS || !sweptNanos.compareAndSet(before, nowNanos)) {
      return;
    }
    filters.forEach(
        (id, filter) -> {
          if (filter.isIdle(nowNanos, IDLE_NANOS)) {
            remove("0x" + id);
          }
        });
  }

  /** How many there are. */
  int size() {
    return filters.size();
  }
}
