package io.fairlead.gateway.transaction;

import io.fairlead.gateway.transaction.OutboxEntry.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions that the gateway has answered for and that are not safely in the chain yet, on
 * the disk.
 *
 * <p><b>Group commit.</b> One thread takes everything that waits, writes it, forces it to the disk
 * once and only then says so. What arrives meanwhile makes the next group. So a lone transaction
 * waits for one force, and in a storm each waits for two at the most, whatever its size: the disk's
 * forces bound the latency, not the throughput.
 *
 * <p><b>Bounds.</b> What is kept takes at most the size given; beyond it {@link #keep} says {@link
 * Kept#FULL} at once, and nobody may rely on the outbox for that transaction. Removals need no
 * force of their own: a transaction that comes back after a crash is found in the chain and removed
 * again.
 *
 * <p><b>Senders</b> cost more than all the rest, so they are found out while nothing waits.
 *
 * <p><b>A broken disk.</b> A group that cannot be forced is answered with {@link Kept#FAILED}; the
 * store is opened anew for the next one, with what failed taken out.
 *
 * <p>Thread-safety: safe. Callbacks run on the outbox's thread and must hand over. Ownership: owns
 * its thread and its store.
 *
 * <p>Source: D. DeWitt et al., "Implementation techniques for main memory database systems", SIGMOD
 * 1984, for group commit.
 */
public final class Outbox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final int MAX_GROUP = 4096;
  private static final Order END = new Order(null, 0, null);

  private final StoreOpener opener;
  private final long maxBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private final Map<String, Place> places = new ConcurrentHashMap<>();
  private final Map<String, Set<Long>> nonces = new ConcurrentHashMap<>();
  private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
  private final Set<Long> orphans = new TreeSet<>();
  private final Deque<Place> unindexed = new ArrayDeque<>();
  private final Thread thread;
  private volatile Consumer<OutboxEntry> hearer = entry -> {};
  private volatile boolean closed;
  private @Nullable EntryStore store;
  private long nextNumber;

  /** What became of a wish to keep a transaction. */
  public enum Kept {
    /** It will survive a power cut. */
    YES,
    /** There is no room. */
    FULL,
    /** The disk failed, or the outbox is closed. */
    FAILED
  }

  /** Opens the store, at the start and again after it failed. */
  @FunctionalInterface
  interface StoreOpener {
    EntryStore open() throws IOException;
  }

  /** An entry and the number it has in the store. */
  private record Place(OutboxEntry entry, long number) {}

  /**
   * What the thread is asked to do.
   *
   * @param entry what it is about; null for the end
   * @param reservedBytes taken of the size in advance
   * @param then who is to be told that it is kept; null if it is to be removed
   */
  private record Order(
      @Nullable OutboxEntry entry, long reservedBytes, @Nullable Consumer<Kept> then) {}

  /**
   * Takes over what an earlier run has left.
   *
   * @param opener opens the store
   * @param maxBytes of all entries together
   * @param threads makes the outbox's thread
   * @throws IOException if the store cannot be had
   */
  Outbox(StoreOpener opener, long maxBytes, ThreadFactory threads) throws IOException {
    this.opener = opener;
    this.maxBytes = maxBytes;
    EntryStore opened = opener.open();
    store = opened;
    load(opened);
    thread = threads.newThread(this::run);
    thread.start();
  }

  /**
   * The outbox in a state folder, with what an earlier run has left.
   *
   * @param dir the folder; made if absent
   * @param maxBytes of all entries together
   * @param threads makes the outbox's thread
   * @throws IOException if its file cannot be had; the message says why
   */
  public static Outbox open(Path dir, long maxBytes, ThreadFactory threads) throws IOException {
    return new Outbox(() -> Journal.open(dir), maxBytes, threads);
  }

  private void load(EntryStore opened) throws IOException {
    for (Map.Entry<Long, byte[]> stored : opened.all().entrySet()) {
      nextNumber = stored.getKey() + 1;
      try {
        OutboxEntry entry = OutboxEntry.decode(stored.getValue());
        usedBytes.addAndGet(entry.sizeBytes());
        add(new Place(entry, stored.getKey()));
      } catch (IOException e) {
        log.error("an entry of the outbox cannot be understood and is left alone", e);
      }
    }
  }

  /** Sets who hears of each transaction that is kept from now on, on the outbox's thread. */
  void onKept(Consumer<OutboxEntry> newHearer) {
    hearer = newHearer;
  }

  /**
   * Keeps a transaction.
   *
   * @param entry what to keep; once more does no harm
   * @param then hears what became of it, on the outbox's thread or, if it is refused, on this one
   */
  public void keep(OutboxEntry entry, Consumer<Kept> then) {
    long reserved = places.containsKey(entry.key()) ? 0 : entry.sizeBytes();
    if (closed) {
      then.accept(Kept.FAILED);
    } else if (usedBytes.addAndGet(reserved) > maxBytes && reserved > 0) {
      usedBytes.addAndGet(-reserved);
      then.accept(Kept.FULL);
    } else {
      orders.add(new Order(entry, reserved, then));
    }
  }

  /** Drops a transaction, sooner or later. */
  public void forget(OutboxEntry entry) {
    orders.add(new Order(entry, 0, null));
  }

  /** What is kept now, in no particular order. */
  public Collection<OutboxEntry> entries() {
    return places.values().stream().map(Place::entry).toList();
  }

  /** How many transactions are kept now. */
  public int size() {
    return places.size();
  }

  /** What they take of the size, in bytes. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /**
   * The number of a sender's next transaction if those kept here count. A transaction counts from
   * some milliseconds after it was kept.
   *
   * @param chain the chain's name
   * @param sender {@code 0x} and 40 lower-case digits
   * @param from its number as the network says
   * @return {@code from}, or more if the numbers from there on are taken by transactions kept here
   */
  public long nextNonce(String chain, String sender, long from) {
    Set<Long> taken = nonces.getOrDefault(chain + '/' + sender, Set.of());
    long next = from;
    while (taken.contains(next)) {
      next++;
    }
    return next;
  }

  /** Writes what waits, and ends. */
  @Override
  public void close() {
    closed = true;
    orders.add(END);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      log.warn("interrupted while the outbox was ending", e);
    }
  }

  private void run() {
    boolean isEnding = false;
    while (!isEnding) {
      List<Order> group = nextGroup();
      isEnding = group.remove(END);
      write(group);
    }
    closeStore();
  }

  /** Everything that waits now; whose transactions they are is found out while nothing does. */
  private List<Order> nextGroup() {
    List<Order> group = new ArrayList<>();
    Order first = orders.poll();
    while (first == null && !unindexed.isEmpty()) {
      index(unindexed.remove());
      first = orders.poll();
    }
    try {
      group.add(first == null ? orders.take() : first);
    } catch (InterruptedException e) {
      group.add(END); // nobody of ours interrupts this thread: the process goes down
    }
    orders.drainTo(group, MAX_GROUP);
    return group;
  }

  @SuppressWarnings("CatchingUnchecked") // the thread must outlive whatever a store throws
  private void write(List<Order> orderly) {
    Group group = new Group();
    Kept kept = Kept.YES;
    try {
      EntryStore open = openStore();
      for (Order order : orderly) {
        write(open, order, group);
      }
      open.force();
      orphans.clear();
    } catch (IOException | RuntimeException e) {
      log.error("the outbox cannot write to the disk", e);
      kept = Kept.FAILED;
      group.places().forEach(place -> orphans.add(place.number()));
      group.added.clear();
      closeStore();
    }
    publish(group);
    tell(orderly, group, kept);
  }

  private void write(EntryStore open, Order order, Group group) throws IOException {
    OutboxEntry entry = order.entry();
    if (entry == null) {
      return;
    }
    String key = entry.key();
    Place present = group.removed.containsKey(key) ? null : places.get(key);
    if (order.then() != null) {
      if (present == null && !group.added.containsKey(key)) {
        Place place = new Place(entry, nextNumber++);
        group.added.put(key, place);
        open.put(place.number(), entry.encode());
      }
    } else if (present != null) {
      group.removed.put(key, present);
      open.remove(present.number());
    }
  }

  /** The store, opened anew after a failure and without what failed. */
  private EntryStore openStore() throws IOException {
    EntryStore open = store;
    if (open == null) {
      open = opener.open();
      store = open;
      for (long number : orphans) {
        open.remove(number);
      }
    }
    return open;
  }

  private void closeStore() {
    EntryStore open = store;
    store = null;
    if (open != null) {
      open.close();
    }
  }

  private void publish(Group group) {
    for (Place place : group.removed.values()) {
      places.remove(place.entry().key());
      usedBytes.addAndGet(-place.entry().sizeBytes());
      unindex(place.entry());
    }
    group.added.values().forEach(this::add);
  }

  private void add(Place place) {
    places.put(place.entry().key(), place);
    unindexed.add(place);
  }

  private void index(Place place) {
    Origin origin = place.entry().origin();
    if (origin.sender() != null && place.equals(places.get(place.entry().key()))) {
      nonces
          .computeIfAbsent(senderKey(place.entry(), origin), k -> new ConcurrentSkipListSet<>())
          .add(origin.nonce());
    }
  }

  private void unindex(OutboxEntry entry) {
    Origin origin = entry.knownOrigin();
    Set<Long> taken = origin == null ? null : nonces.get(senderKey(entry, origin));
    if (taken != null && origin != null) {
      taken.remove(origin.nonce());
      if (taken.isEmpty()) {
        nonces.remove(senderKey(entry, origin));
      }
    }
  }

  private static String senderKey(OutboxEntry entry, Origin origin) {
    return entry.chain() + '/' + origin.sender();
  }

  private void tell(List<Order> orderly, Group group, Kept kept) {
    for (Order order : orderly) {
      OutboxEntry entry = order.entry();
      Consumer<Kept> then = order.then();
      if (entry != null && then != null) {
        Place own = group.added.get(entry.key());
        boolean isFirst = own != null && own.entry() == entry;
        if (!isFirst) {
          usedBytes.addAndGet(-order.reservedBytes());
        }
        tell(then, kept);
        if (isFirst && kept == Kept.YES) {
          tell(hearer, entry);
        }
      }
    }
  }

  private static <T> void tell(Consumer<T> hearer, T news) {
    try {
      hearer.accept(news);
    } catch (RuntimeException e) {
      log.warn("nobody could be told of a transaction, as when the gateway goes down", e);
    }
  }

  /** What one group changes. */
  private static final class Group {
    final Map<String, Place> added = new LinkedHashMap<>();
    final Map<String, Place> removed = new LinkedHashMap<>();

    List<Place> places() {
      List<Place> all = new ArrayList<>(added.values());
      all.addAll(removed.values());
      return all;
    }
  }
}
