package io.fairlead.probes;

import io.fairlead.probes.Agenda.Chore;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks one upstream what is due, as far as its budget goes, and keeps what it learns. */
final class UpstreamProbe {
  /** Who owns the probes of a chain. */
  interface Owner {
    /** A question ended; what it taught is in the probe's facts. */
    void onEnd(UpstreamProbe probe, Question question, Verdict verdict, long elapsedNanos);
  }

  /** Calls that only the chain id and a first look may spend. */
  private static final int RESERVE = 3;

  /** Calls that only others than tags may spend. */
  private static final int TAG_RESERVE = 12;

  /** Polls of an idle upstream for each one that no cache can answer. */
  private static final int POLLS_PER_LIVENESS = 8;

  /** Polling periods for which a pushed head stands in for polls of the head. */
  private static final int PUSH_PERIODS = 3;

  /** Failed polls after which another node may be at the address. */
  private static final int OUTAGE_POLLS = 3;

  private final ProbePolicy policy;
  private final ProbeEnvironment world;
  private final Owner owner;
  private final UpstreamFacts facts;
  private final ProbeBudget budget;
  private final Agenda agenda;
  private final Map<Chore, Exchange> exchanges = new EnumMap<>(Chore.class);
  private UpstreamSpec spec;
  private @Nullable Cancellable timer;
  private boolean isSuspect;
  private boolean isHastened;
  private boolean isClosed;
  private int failures;
  private int polls;
  private int tags;
  private long organicAtNanos;
  private boolean isPushed;
  private long pushedAtNanos;

  UpstreamProbe(UpstreamSpec spec, UpstreamFacts facts, ProbePolicy policy, Link link) {
    this.spec = spec;
    this.facts = facts;
    this.policy = policy;
    this.world = link.world();
    this.owner = link.owner();
    long now = world.scheduler().nanoTime();
    this.budget = world.ledger().budget(spec.id(), policy, world.scheduler());
    this.agenda = new Agenda(policy, world.random(), now);
    this.organicAtNanos = now - policy.idleNanos();
  }

  /**
   * What joins a probe to the rest.
   *
   * @param world time and the way out
   * @param owner who is told
   */
  record Link(ProbeEnvironment world, Owner owner) {}

  String id() {
    return spec.id();
  }

  UpstreamSpec spec() {
    return spec;
  }

  void setSpec(UpstreamSpec changed) {
    spec = changed;
  }

  UpstreamFacts facts() {
    return facts;
  }

  /** Asks what is due now and sets the timer for what is due next. */
  void wake() {
    for (Chore chore : Chore.values()) {
      if (isDue(chore)) {
        begin(chore, world.scheduler().nanoTime());
      }
    }
    arm();
  }

  void close() {
    isClosed = true;
    disarm();
    exchanges.values().forEach(Exchange::cancel);
    exchanges.clear();
  }

  void onOrganicAnswer() {
    organicAtNanos = world.scheduler().nanoTime();
  }

  void onOrganicHead(long number) {
    onOrganicAnswer();
    isHastened = false;
    facts.onHead(Head.ofNumber(number), organicAtNanos);
  }

  /** It told its head by itself, over a connection of its own: no sign that it answers calls. */
  void onPushedHead(Head head) {
    pushedAtNanos = world.scheduler().nanoTime();
    isPushed = true;
    isHastened = false;
    facts.onHead(head, pushedAtNanos);
  }

  private boolean isPushing(long nowNanos) {
    return isPushed && nowNanos - pushedAtNanos < PUSH_PERIODS * policy.idleNanos();
  }

  void setSuspect(boolean suspect) {
    if (suspect == isSuspect) {
      return;
    }
    isSuspect = suspect;
    long now = world.scheduler().nanoTime();
    if (suspect) {
      agenda.hastenPoll(now);
    } else {
      agenda.onReturn(now);
    }
    wake();
  }

  /** Its head is needed now: the chain went on since it was seen. */
  void hasten() {
    long now = world.scheduler().nanoTime();
    boolean isJustPushed = isPushed && now - pushedAtNanos < policy.idleNanos() * 3 / 2;
    if (!isHastened && !isJustPushed && !exchanges.containsKey(Chore.POLL)) {
      isHastened = true;
      agenda.hastenPoll(now);
      arm();
    }
  }

  /** Whether its head was asked longer ago than another's. */
  boolean isLongerUnasked(@Nullable UpstreamProbe other) {
    return other == null || agenda.polledAtNanos() - other.agenda.polledAtNanos() < 0;
  }

  /** Somebody waits for its head. */
  void askNow() {
    if (!exchanges.containsKey(Chore.POLL)) {
      isHastened = true;
      agenda.pollNow(world.scheduler().nanoTime());
      wake();
    }
  }

  private boolean isActive(Chore chore) {
    return !exchanges.containsKey(chore)
        && (chore == Chore.IDENTITY || !facts.isWrongChain())
        && (chore != Chore.TAGS || facts.head() != null);
  }

  private boolean isDue(Chore chore) {
    return !isClosed
        && isActive(chore)
        && agenda.dueAtNanos(chore) - world.scheduler().nanoTime() <= 0;
  }

  private void begin(Chore chore, long nowNanos) {
    long sparedUntil = chore == Chore.POLL ? sparedUntilNanos(nowNanos) : nowNanos;
    if (sparedUntil > nowNanos) {
      agenda.postpone(chore, sparedUntil);
      return;
    }
    int reserve = reserve(chore);
    if (!budget.tryTake(reserve)) {
      agenda.postpone(chore, nowNanos + budget.waitNanos(reserve));
      return;
    }
    Question question = question(chore, nowNanos);
    agenda.onSent(chore, nowNanos);
    Exchange exchange =
        new Exchange(
            world, question, policy.timeoutNanos(), (q, v, took) -> onEnd(chore, q, v, took));
    exchanges.put(chore, exchange);
    exchange.send(id(), policy.timeoutNanos());
  }

  private int reserve(Chore chore) {
    if (chore == Chore.TAGS) {
      return TAG_RESERVE;
    }
    return chore == Chore.IDENTITY || !facts.isLookedAt() ? 0 : RESERVE;
  }

  /**
   * The instant until which what is known stands in for a poll; now or earlier for none. A height
   * seen in traffic does not: on a dead branch heights rise, too.
   */
  private long sparedUntilNanos(long nowNanos) {
    if (isHastened || facts.head() == null) {
      return nowNanos;
    }
    if (isPushing(nowNanos) && !isUnderSuspicion()) {
      long answeredAtNanos = Math.max(organicAtNanos, agenda.polledAtNanos());
      return Math.min(
          pushedAtNanos + PUSH_PERIODS * policy.idleNanos(),
          answeredAtNanos + POLLS_PER_LIVENESS * policy.idleNanos());
    }
    long branchUntil = nowNanos - facts.branchAgeNanos(nowNanos) + policy.idleNanos();
    return isUnderSuspicion()
        ? Math.min(branchUntil, organicAtNanos + policy.intervalNanos())
        : branchUntil;
  }

  private boolean isUnderSuspicion() {
    return isSuspect || failures > 0;
  }

  private Question question(Chore chore, long nowNanos) {
    return switch (chore) {
      case IDENTITY -> Question.CHAIN_ID;
      case SYNCING -> Question.SYNCING;
      case POLL -> isLivenessNext(nowNanos) ? Question.LIVENESS : Question.HEAD;
      case TAGS -> tags++ % 2 == 0 ? Question.FINALIZED : Question.SAFE;
    };
  }

  private boolean isLivenessNext(long nowNanos) {
    int turn = polls++;
    if (isHastened || facts.head() == null) {
      return false;
    }
    if (isPushing(nowNanos)) {
      return true;
    }
    if (isUnderSuspicion()) {
      return turn % 2 == 1 && nowNanos - organicAtNanos >= policy.intervalNanos();
    }
    boolean isIdle = nowNanos - organicAtNanos >= policy.idleNanos();
    return isIdle && turn % POLLS_PER_LIVENESS == POLLS_PER_LIVENESS - 1;
  }

  private void onEnd(Chore chore, Question question, Verdict verdict, long elapsedNanos) {
    exchanges.remove(chore);
    long now = world.scheduler().nanoTime();
    Verdict understood = UpstreamLessons.learn(facts, question, verdict, now);
    plan(chore, question, understood, now);
    owner.onEnd(this, question, understood, elapsedNanos);
    wake();
  }

  private void plan(Chore chore, Question question, Verdict verdict, long nowNanos) {
    switch (verdict.outcome()) {
      case SUCCESS -> planAfterSuccess(chore, question, nowNanos);
      case LIMITED, ACCOUNT_REFUSED -> agenda.onLimited(chore, nowNanos);
      default -> {
        failures += chore == Chore.POLL ? 1 : 0;
        agenda.onFailed(chore, nowNanos);
      }
    }
    isHastened = isHastened && chore != Chore.POLL;
  }

  private void planAfterSuccess(Chore chore, Question question, long nowNanos) {
    switch (chore) {
      case IDENTITY -> agenda.onIdentity(facts.isWrongChain(), nowNanos);
      case SYNCING -> agenda.onSyncState(facts.syncState(), nowNanos);
      case TAGS -> agenda.onTags(true, nowNanos);
      case POLL -> {
        if (failures >= OUTAGE_POLLS) {
          agenda.onReturn(nowNanos);
        }
        failures = 0;
        agenda.onPolled(isUnderSuspicion() || question == Question.LIVENESS);
      }
    }
  }

  private void arm() {
    disarm();
    if (isClosed) {
      return;
    }
    long now = world.scheduler().nanoTime();
    long next = Long.MAX_VALUE;
    for (Chore chore : Chore.values()) {
      if (isActive(chore)) {
        next = Math.min(next, agenda.dueAtNanos(chore) - now);
      }
    }
    if (next != Long.MAX_VALUE) {
      timer = world.scheduler().schedule(this::wake, Math.max(0, next));
    }
  }

  private void disarm() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
