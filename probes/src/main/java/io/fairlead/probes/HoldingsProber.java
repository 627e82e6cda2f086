package io.fairlead.probes;

import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how far back the upstreams of one chain go.
 *
 * <p><b>Asked.</b> {@code eth_capabilities} tells it for each sort of data in one call (ethereum
 * /execution-apis): an upstream is asked a quarter of a minute after it is known, then once an hour
 * while it answers and every six hours while it does not know the method.
 *
 * <p><b>Searched.</b> Of an upstream that does not say it, the oldest block is searched for ({@link
 * BoundSearch}), but only after an error has shown that it does not go all the way, a question an
 * interval, and the same at most once in half an hour.
 *
 * <p>Every question draws on the upstream's budget (see {@link ProbeLedger}) and leaves {@link
 * #RESERVE} calls to those that guard identity and head. What it learns ages in the hands of the
 * listener; it is asked again by the next error.
 *
 * <p>Thread-safety: none; control thread only. Failure: no answer makes a method throw.
 */
public final class HoldingsProber {
  private static final int RESERVE = 20;
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long ANSWERED_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final long UNKNOWN_NANOS = TimeUnit.HOURS.toNanos(6);
  private static final long UNCLEAR_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long SEARCHED_NANOS = TimeUnit.MINUTES.toNanos(30);
  private static final double JITTER = 0.1;

  private final ProbePolicy policy;
  private final ProbeEnvironment world;
  private final HoldingsListener listener;
  private final Map<String, Look> looks = new HashMap<>();

  /**
   * A prober without upstreams.
   *
   * @param policy how often and how much to ask
   * @param world time, randomness and the way out
   * @param listener told what is found
   */
  public HoldingsProber(ProbePolicy policy, ProbeEnvironment world, HoldingsListener listener) {
    this.policy = policy;
    this.world = world;
    this.listener = listener;
  }

  /**
   * Sets whom to ask; what is known of an upstream that stays is kept.
   *
   * @param ids the upstreams of the chain
   */
  public void setUpstreams(Collection<String> ids) {
    List.copyOf(looks.keySet()).stream().filter(id -> !ids.contains(id)).forEach(this::forget);
    for (String id : ids) {
      looks.computeIfAbsent(id, Look::new);
    }
  }

  /**
   * Drops an upstream and all that is known of it.
   *
   * @param id the upstream; unknown ones are ignored
   */
  public void forget(String id) {
    Look look = looks.remove(id);
    if (look != null) {
      look.close();
    }
  }

  /** Ends: no further question, no further callback. */
  public void stop() {
    looks.values().forEach(Look::close);
    looks.clear();
  }

  /**
   * An error has shown that an upstream does not hold the data of a block.
   *
   * @param id the upstream; unknown ones are ignored
   * @param sort what it lacks
   * @param block of which block
   * @param headBlocks where its head is
   */
  public void onGap(String id, DataSort sort, long block, long headBlocks) {
    Look look = looks.get(id);
    if (look != null && sort.isSearchable() && block < headBlocks) {
      look.trySearch(sort, block, headBlocks);
    }
  }

  private long jittered(long nanos) {
    return (long) (nanos * (1 - JITTER + 2 * JITTER * world.random().nextDouble()));
  }

  /** The questions to one upstream, one at a time. */
  private final class Look {
    private final String id;
    private final ProbeBudget budget;
    private final Map<DataSort, Long> searchedAtNanos = new EnumMap<>(DataSort.class);
    private Set<DataSort> said = Set.of();
    private @Nullable Cancellable asking;
    private @Nullable Cancellable stepping;
    private @Nullable OneCall call;
    private @Nullable OneCall step;
    private @Nullable BoundSearch search;

    Look(String id) {
      this.id = id;
      this.budget = world.ledger().budget(id, policy, world.scheduler());
      askIn(jittered(FIRST_NANOS));
    }

    void close() {
      for (Cancellable timer : new @Nullable Cancellable[] {asking, stepping}) {
        if (timer != null) {
          timer.cancel();
        }
      }
      for (OneCall open : new @Nullable OneCall[] {call, step}) {
        if (open != null) {
          open.cancel();
        }
      }
    }

    private void askIn(long nanos) {
      asking = world.scheduler().schedule(this::ask, nanos);
    }

    private void ask() {
      if (!budget.tryTake(RESERVE)) {
        askIn(budget.waitNanos(RESERVE));
        return;
      }
      String body = OneCall.body("eth_capabilities", "[]");
      call = OneCall.send(world, id, body, policy.timeoutNanos(), this::onCapabilities);
    }

    private void onCapabilities(int httpStatus, byte[] body) {
      Verdict verdict = Verdict.of(httpStatus, body);
      Answer.Result result = verdict.result();
      if (result != null && result.kind() == Answer.Kind.OBJECT) {
        Map<DataSort, Long> oldest = Capabilities.oldest(result);
        said = Set.copyOf(oldest.keySet());
        askIn(jittered(ANSWERED_NANOS));
        oldest.forEach((sort, block) -> listener.onOldest(id, sort, block));
      } else {
        said = Set.of();
        askIn(jittered(isKnownNot(httpStatus, body) ? UNKNOWN_NANOS : UNCLEAR_NANOS));
      }
    }

    private boolean isKnownNot(int httpStatus, byte[] body) {
      return httpStatus == 200 && AnswerReader.read(body) instanceof Answer.Refusal;
    }

    void trySearch(DataSort sort, long gone, long head) {
      long now = world.scheduler().nanoTime();
      Long before = searchedAtNanos.get(sort);
      boolean isRecent = before != null && now - before < SEARCHED_NANOS;
      if (search != null || isRecent || said.contains(sort)) {
        return;
      }
      searchedAtNanos.put(sort, now);
      search = new BoundSearch(gone, head);
      stepIn(sort, 0);
    }

    private void stepIn(DataSort sort, long nanos) {
      stepping = world.scheduler().schedule(() -> step(sort), nanos);
    }

    private void step(DataSort sort) {
      BoundSearch current = search;
      if (current == null) {
        return;
      }
      if (current.isOver()) {
        search = null;
        if (!current.isGivenUp()) {
          listener.onOldest(id, sort, current.oldest());
        }
      } else if (budget.tryTake(RESERVE)) {
        String body = sort.toBody(current.next());
        step =
            OneCall.send(
                world,
                id,
                body,
                policy.timeoutNanos(),
                (status, answer) -> {
                  current.onAnswer(sort.read(status, answer));
                  stepIn(sort, policy.intervalNanos());
                });
      } else {
        stepIn(sort, budget.waitNanos(RESERVE));
      }
    }
  }
}
