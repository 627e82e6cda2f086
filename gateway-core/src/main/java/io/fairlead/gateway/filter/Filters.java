package io.fairlead.gateway.filter;

import io.fairlead.gateway.client.Client;
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
 * <p>Bounds: {@link #MOST_BYTES} of memory for all together, and {@link #MOST_FILTERS}; of these
 * one client has at most an eighth and a tenth, so that whoever makes filters without end takes
 * them from itself alone.
 *
 * <p>Thread-safety: safe, without locks on the way of a poll.
 */
public final class Filters {
  /** After so long without use a filter is forgotten; geth's own time. */
  static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);

  static final int MOST_FILTERS = 10_000;
  static final long MOST_BYTES = 128L * 1024 * 1024;
  static final int MOST_FILTERS_OF_ONE = MOST_FILTERS / 10;
  static final long MOST_BYTES_OF_ONE = MOST_BYTES / 8;

  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int ID_DIGITS = 32;

  private final RandomGenerator random;
  private final Map<String, Entry> filters = new ConcurrentHashMap<>();
  private final Map<Client, Share> shares = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong sweptNanos;

  /** A filter and whose it is. */
  private record Entry(Filter filter, Client client) {}

  /** What one client has. */
  private record Share(int filters, long bytes) {
    Share plus(int weight) {
      return new Share(filters + 1, bytes + weight);
    }

    @Nullable Share minus(int weight) {
      return filters == 1 ? null : new Share(filters - 1, bytes - weight);
    }

    boolean isTooMuch() {
      return filters > MOST_FILTERS_OF_ONE || bytes > MOST_BYTES_OF_ONE;
    }
  }

  /** What became of a wish to keep a filter. */
  sealed interface Admission {
    /**
     * It is kept.
     *
     * @param id by which the client knows it
     */
    record Kept(String id) implements Admission {}

    /** It is not. */
    enum Refused implements Admission {
      /** This client has too many. */
      BY_SHARE,
      /** All clients together have too many. */
      BY_TOTAL
    }
  }

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

  /** Keeps a client's filter, if there is room. */
  Admission tryAdd(Client client, Filter filter, long nowNanos) {
    sweep(nowNanos);
    int weight = filter.weightBytes();
    if (!tryTakeOwn(client, weight)) {
      return Admission.Refused.BY_SHARE;
    }
    if (filters.size() >= MOST_FILTERS || !tryTake(weight)) {
      giveBackOwn(client, weight);
      return Admission.Refused.BY_TOTAL;
    }
    String id = newId();
    filters.put(id, new Entry(filter, client));
    return new Admission.Kept("0x" + id);
  }

  private boolean tryTakeOwn(Client client, int weight) {
    Share share =
        shares.compute(client, (c, own) -> (own == null ? new Share(0, 0) : own).plus(weight));
    if (share.isTooMuch()) {
      giveBackOwn(client, weight);
      return false;
    }
    return true;
  }

  private void giveBackOwn(Client client, int weight) {
    shares.computeIfPresent(client, (c, own) -> own.minus(weight));
  }

  private boolean tryTake(int weight) {
    if (bytes.addAndGet(weight) <= MOST_BYTES) {
      return true;
    }
    bytes.addAndGet(-weight);
    return false;
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
    Entry found = filters.get(key(id));
    return found == null ? null : found.filter();
  }

  /** Forgets a filter; false if there was none. */
  boolean remove(String id) {
    Entry removed = filters.remove(key(id));
    if (removed != null) {
      int weight = removed.filter().weightBytes();
      bytes.addAndGet(-weight);
      giveBackOwn(removed.client(), weight);
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
        (id, entry) -> {
          if (entry.filter().isIdle(nowNanos, IDLE_NANOS)) {
            remove("0x" + id);
          }
        });
  }

  /** How many there are. */
  int size() {
    return filters.size();
  }

  /** How many clients have some. */
  int clients() {
    return shares.size();
  }
}
