package io.fairlead.probes;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * When the next question of each kind is due for one upstream.
 *
 * <p>Identity is asked rarely once known and again with a growing delay while it is not; the poll
 * (head, or an uncacheable call) comes once a block while all is well and once an interval while
 * something is not. Delays are spread by a tenth either way, so that gateways do not fall into
 * step; tags are so rare that they need no spreading.
 *
 * <p>Units: times are nanoseconds of the scheduler's clock.
 */
final class Agenda {
  /** A standing task. */
  enum Chore {
    /** Asks the chain id. */
    IDENTITY,
    /** Asks for the state of synchronisation. */
    SYNCING,
    /** Asks for the head, or for something that no cache knows. */
    POLL,
    /** Asks for the newest safe or the newest final block, by turns. */
    TAGS
  }

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long MOMENT_NANOS = SECOND_NANOS / 5;
  private static final long VERIFIED_NANOS = 600 * SECOND_NANOS;
  private static final long WRONG_CHAIN_NANOS = 300 * SECOND_NANOS;
  private static final long SYNCING_NANOS = 10 * SECOND_NANOS;
  private static final int BLOCKS_PER_TAG = 32;
  private static final long LEAST_TAG_NANOS = 30 * SECOND_NANOS;
  private static final long LONGEST_TAG_NANOS = 150 * SECOND_NANOS;
  private static final int TAG_CALLS = 20;
  private static final int UNANSWERED_TAG_PERIODS = 10;
  private static final long LONGEST_BACK_OFF_NANOS = 30 * SECOND_NANOS;
  private static final int MOST_DOUBLINGS = 10;
  private static final double JITTER = 0.1;

  private final ProbePolicy policy;
  private final RandomGenerator random;
  private final Map<Chore, Entry> entries = new EnumMap<>(Chore.class);
  private long identityCheckedAtNanos;
  private long polledAtNanos;

  Agenda(ProbePolicy policy, RandomGenerator random, long nowNanos) {
    this.policy = policy;
    this.random = random;
    this.identityCheckedAtNanos = nowNanos - VERIFIED_NANOS;
    this.polledAtNanos = nowNanos - policy.intervalNanos();
    for (Chore chore : Chore.values()) {
      entries.put(chore, new Entry(nowNanos));
    }
  }

  long dueAtNanos(Chore chore) {
    return entry(chore).dueAtNanos;
  }

  /** When it was polled last. */
  long polledAtNanos() {
    return polledAtNanos;
  }

  void postpone(Chore chore, long toNanos) {
    entry(chore).dueAtNanos = toNanos;
  }

  void onSent(Chore chore, long nowNanos) {
    if (chore == Chore.POLL) {
      polledAtNanos = nowNanos;
    } else if (chore == Chore.IDENTITY) {
      identityCheckedAtNanos = nowNanos;
    }
  }

  /** The chain id is known: the right one or a wrong one. */
  void onIdentity(boolean isWrong, long nowNanos) {
    settle(Chore.IDENTITY, nowNanos + jitter(isWrong ? WRONG_CHAIN_NANOS : VERIFIED_NANOS));
  }

  void onSyncState(SyncState state, long nowNanos) {
    long delay = state == SyncState.SYNCING ? SYNCING_NANOS : VERIFIED_NANOS;
    settle(Chore.SYNCING, nowNanos + jitter(Math.max(delay, policy.intervalNanos())));
  }

  /** A poll ended; the next comes after an interval, or else once a block. */
  void onPolled(boolean isSoon) {
    long delay = isSoon ? policy.intervalNanos() : policy.idleNanos();
    settle(Chore.POLL, polledAtNanos + jitter(delay));
  }

  /** One of the tags was asked; an upstream that knows none is asked rarely. */
  void onTags(boolean isAnswered, long nowNanos) {
    long period = tagNanos() * (isAnswered ? 1 : UNANSWERED_TAG_PERIODS);
    settle(Chore.TAGS, nowNanos + period);
  }

  /** Both tags within the time that finality usually takes, for a twentieth of the budget. */
  private long tagNanos() {
    long perEpoch = BLOCKS_PER_TAG * policy.blockTimeNanos() / 2;
    long wanted = Math.max(LEAST_TAG_NANOS, Math.min(LONGEST_TAG_NANOS, perEpoch));
    return Math.max(wanted, TAG_CALLS * policy.nanosPerCall());
  }

  /** A question was not answered as it should be; identity and sync state wait ever longer. */
  void onFailed(Chore chore, long nowNanos) {
    if (chore == Chore.POLL) {
      onPolled(true);
    } else if (chore == Chore.TAGS) {
      onTags(false, nowNanos);
    } else {
      backOff(chore, nowNanos);
    }
  }

  /** A limit was met: wait ever longer, polls too. */
  void onLimited(Chore chore, long nowNanos) {
    backOff(chore, nowNanos);
  }

  /** Polls at once, unless that was done a moment ago. */
  void pollNow(long nowNanos) {
    if (entry(Chore.POLL).tries == 0) {
      bringForward(Chore.POLL, Math.max(nowNanos, polledAtNanos + MOMENT_NANOS));
    }
  }

  /** Polls as soon as an interval has passed since the last poll. */
  void hastenPoll(long nowNanos) {
    if (entry(Chore.POLL).tries == 0) {
      bringForward(Chore.POLL, Math.max(nowNanos, polledAtNanos + policy.intervalNanos()));
    }
  }

  /**
   * Another node may answer at that address now: asks who it is, unless that was asked just now.
   */
  void onReturn(long nowNanos) {
    if (nowNanos - identityCheckedAtNanos >= SYNCING_NANOS) {
      bringForward(Chore.IDENTITY, nowNanos);
      bringForward(Chore.SYNCING, nowNanos);
    }
  }

  private void bringForward(Chore chore, long toNanos) {
    entry(chore).dueAtNanos = Math.min(entry(chore).dueAtNanos, toNanos);
  }

  private void settle(Chore chore, long toNanos) {
    entry(chore).tries = 0;
    entry(chore).dueAtNanos = toNanos;
  }

  private void backOff(Chore chore, long nowNanos) {
    Entry entry = entry(chore);
    int doublings = Math.min(entry.tries++, MOST_DOUBLINGS);
    long longest = Math.max(LONGEST_BACK_OFF_NANOS, policy.intervalNanos());
    long delay = Math.min(longest, policy.intervalNanos() << doublings);
    entry.dueAtNanos = nowNanos + jitter(delay);
  }

  private Entry entry(Chore chore) {
    return Objects.requireNonNull(entries.get(chore));
  }

  private long jitter(long nanos) {
    return (long) (nanos * (1 - JITTER + 2 * JITTER * random.nextDouble()));
  }

  /** One chore's next time, and how often it was tried in vain. */
  private static final class Entry {
    private long dueAtNanos;
    private int tries;

    Entry(long dueAtNanos) {
      this.dueAtNanos = dueAtNanos;
    }
  }
}
