package io.fairlead.gateway.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.transaction.ChainVoice.Standing;
import io.fairlead.gateway.transaction.TransactionObserver.Reason;
import io.fairlead.routing.time.Scheduler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the outbox keeps again and again until it is in the chain for good.
 *
 * <p><b>Course of a transaction.</b> Each visit asks where the transaction is. In a block that is
 * final, or under {@link Settings#confirmations} blocks: it leaves the outbox. In a younger block:
 * visited again later, for the block may be reorganised away. Otherwise it is sent. If nobody takes
 * it and the sender's number at a block that deep is beyond the transaction's, another one has its
 * place: it leaves the outbox as replaced. After {@link Settings#expiry} it leaves in any case.
 *
 * <p><b>Pace.</b> Visits to one transaction start at a block's time apart and grow by half each
 * time, up to {@link #MAX_REST_NANOS}; one that no upstream is known to have is visited at least
 * every {@link #MAX_UNKNOWN_REST_NANOS}. All rests vary by a quarter. All together begin at most
 * {@link #VISITS_PER_SECOND} a second, with at most {@link #MAX_OPEN} open, so that an outbox full
 * of transactions is no storm when the network comes back.
 *
 * <p>Thread-safety: the control thread, apart from {@link #onKept}.
 */
public final class Rebroadcaster {
  /** Visits begun a second, at the most. */
  static final int VISITS_PER_SECOND = 100;

  /** Visits open at once, at the most. */
  static final int MAX_OPEN = 32;

  /** The longest rest between two visits, in nanoseconds. */
  static final long MAX_REST_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** The longest rest of a transaction that nobody is known to have, in nanoseconds. */
  static final long MAX_UNKNOWN_REST_NANOS = TimeUnit.SECONDS.toNanos(15);

  private static final Logger log = LoggerFactory.getLogger(Rebroadcaster.class);
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MIN_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long MAX_FIRST_REST_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final double GROWTH = 1.5;

  private final Outbox outbox;
  private final ChainVoice voice;
  private final Settings settings;
  private final Means means;
  private final Map<String, Visit> visits = new HashMap<>();
  private final PriorityQueue<Visit> due = new PriorityQueue<>();
  private int open;
  private boolean isStopped;

  /**
   * When a transaction leaves the outbox.
   *
   * @param expiry after its acceptance, whatever became of it
   * @param confirmations blocks, its own included, that make it safe where no block is final
   */
  public record Settings(Duration expiry, int confirmations) {}

  /**
   * What it works with.
   *
   * @param scheduler the control thread
   * @param control hands over to the control thread
   * @param time the time of day
   * @param random varies the rests
   * @param observers counts, by chain
   */
  public record Means(
      Scheduler scheduler,
      Executor control,
      InstantSource time,
      RandomGenerator random,
      Function<String, TransactionObserver> observers) {}

  /** One transaction's place in the queue. */
  private static final class Visit implements Comparable<Visit> {
    final OutboxEntry entry;
    long dueNanos;
    long restNanos;
    boolean isKnown;

    Visit(OutboxEntry entry) {
      this.entry = entry;
    }

    @Override
    public int compareTo(Visit other) {
      return Long.signum(dueNanos - other.dueNanos);
    }
  }

  /**
   * One that has not begun.
   *
   * @param outbox whose content is sent
   * @param voice by which
   * @param settings when a transaction leaves
   * @param means what it works with
   */
  public Rebroadcaster(Outbox outbox, ChainVoice voice, Settings settings, Means means) {
    this.outbox = outbox;
    this.voice = voice;
    this.settings = settings;
    this.means = means;
  }

  /** Takes up what the outbox keeps and will keep. */
  public void start() {
    outbox.onKept(this::onKept);
    outbox.entries().forEach(this::add);
    means.scheduler().schedule(this::turn, TURN_NANOS);
  }

  /** A transaction has been kept; from any thread. */
  private void onKept(OutboxEntry entry) {
    means.control().execute(() -> add(entry));
  }

  private void add(OutboxEntry entry) {
    Visit visit = new Visit(entry);
    if (visits.putIfAbsent(entry.key(), visit) == null) {
      rest(visit, firstRestNanos(entry));
    }
  }

  private long firstRestNanos(OutboxEntry entry) {
    Standing standing = voice.standing(entry.chain());
    long block = standing == null ? MAX_FIRST_REST_NANOS : standing.blockNanos();
    return Math.max(MIN_REST_NANOS, Math.min(MAX_FIRST_REST_NANOS, block));
  }

  private void rest(Visit visit, long restNanos) {
    visit.restNanos = restNanos;
    double varied = restNanos * (0.75 + 0.5 * means.random().nextDouble());
    visit.dueNanos = means.scheduler().nanoTime() + (long) varied;
    due.add(visit);
  }

  private void restLonger(Visit visit) {
    long most = visit.isKnown ? MAX_REST_NANOS : MAX_UNKNOWN_REST_NANOS;
    rest(visit, Math.min(most, (long) (visit.restNanos * GROWTH)));
  }

  /** Sends nothing any more. */
  public void stop() {
    isStopped = true;
  }

  private void turn() {
    if (isStopped) {
      return;
    }
    long now = means.scheduler().nanoTime();
    int mayBegin = (int) (VISITS_PER_SECOND * TURN_NANOS / TimeUnit.SECONDS.toNanos(1));
    Visit next = due.peek();
    while (next != null && mayBegin > 0 && open < MAX_OPEN && next.dueNanos - now <= 0) {
      due.remove();
      mayBegin--;
      open++;
      visit(next);
      next = due.peek();
    }
    means.scheduler().schedule(this::turn, TURN_NANOS);
  }

  private void visit(Visit visit) {
    OutboxEntry entry = visit.entry;
    if (entry.acceptedAt().plus(settings.expiry()).isBefore(means.time().instant())) {
      log.warn("chain {}: transaction {} was not mined in time", entry.chain(), entry.hash());
      forget(visit, Reason.EXPIRED);
      return;
    }
    String params = "[\"" + entry.hash() + "\"]";
    voice.ask(entry, "eth_getTransactionByHash", params, found -> onFound(visit, found));
  }

  private void onFound(Visit visit, @Nullable JsonNode found) {
    long block = number(found == null ? null : found.get("blockNumber"));
    boolean isAstray = block >= 0 && isOnAnotherBranch(visit.entry, block, found);
    visit.isKnown = found != null && found.isObject() && !isAstray;
    if (block < 0 || isAstray) {
      send(visit, found != null && found.isNull());
    } else if (isSafe(visit.entry, block)) {
      forget(visit, Reason.MINED);
    } else {
      open--;
      rest(visit, firstRestNanos(visit.entry));
    }
  }

  /** Whether it is only mined where its node has gone astray: the chain has another block there. */
  private boolean isOnAnotherBranch(OutboxEntry entry, long block, @Nullable JsonNode found) {
    String agreed = voice.hashOf(entry.chain(), block);
    String hash = found == null ? "" : found.path("blockHash").asText();
    boolean isOther = agreed != null && !hash.isEmpty() && !agreed.equalsIgnoreCase(hash);
    return isOther && !isFinal(voice.standing(entry.chain()), block);
  }

  private static boolean isFinal(@Nullable Standing standing, long block) {
    return standing != null && standing.finalizedBlocks() >= block;
  }

  private boolean isSafe(OutboxEntry entry, long block) {
    Standing standing = voice.standing(entry.chain());
    return isFinal(standing, block)
        || (standing != null && standing.headBlocks() - block + 1 >= settings.confirmations());
  }

  private void send(Visit visit, boolean isMissing) {
    means.observers().apply(visit.entry.chain()).onRebroadcast();
    String params = "[\"0x" + HexFormat.of().formatHex(visit.entry.raw()) + "\"]";
    voice.ask(
        visit.entry,
        "eth_sendRawTransaction",
        params,
        taken -> onSent(visit, isMissing, taken != null));
  }

  private void onSent(Visit visit, boolean isMissing, boolean isTaken) {
    visit.isKnown |= isTaken;
    String sender = visit.entry.origin().sender();
    Standing standing = voice.standing(visit.entry.chain());
    if (isTaken || !isMissing || sender == null || standing == null) {
      open--;
      restLonger(visit);
      return;
    }
    long deep = standing.headBlocks() - settings.confirmations() + 1;
    long block = Math.max(0, Math.max(deep, standing.finalizedBlocks()));
    String params = "[\"" + sender + "\",\"0x" + Long.toHexString(block) + "\"]";
    voice.ask(
        visit.entry, "eth_getTransactionCount", params, count -> onCount(visit, number(count)));
  }

  private void onCount(Visit visit, long count) {
    if (count > visit.entry.origin().nonce()) {
      forget(visit, Reason.REPLACED);
    } else {
      open--;
      restLonger(visit);
    }
  }

  private void forget(Visit visit, Reason reason) {
    open--;
    visits.remove(visit.entry.key());
    outbox.forget(visit.entry);
    means.observers().apply(visit.entry.chain()).onForgotten(reason);
  }

  /** A quantity, or -1 for anything else. */
  private static long number(@Nullable JsonNode node) {
    String text = node == null ? "" : node.asText();
    return text.matches("0x[0-9a-fA-F]{1,15}") ? Long.parseLong(text.substring(2), 16) : -1;
  }
}
