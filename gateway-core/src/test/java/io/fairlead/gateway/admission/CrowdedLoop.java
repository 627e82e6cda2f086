package io.fairlead.gateway.admission;

import io.fairlead.gateway.net.LoopTurns;
import io.fairlead.routing.MethodClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A gateway's event loop in virtual time and its clients, each of whom asks one call after another.
 * The costs are those measured of a real one: to serve a call takes 40 us, to refuse it 10.
 */
final class CrowdedLoop {
  private static final long READ_NANOS = 6_000;
  private static final long SEND_NANOS = 14_000;
  private static final long ANSWER_NANOS = 20_000;
  private static final long REFUSE_NANOS = 4_000;

  /** An upstream answers after so long. */
  static final long UPSTREAM_NANOS = 300_000;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int slowness;
  private long usedNanos;
  private final LoopTurns turns = new LoopTurns();
  private final TurningLoop loop = new TurningLoop();
  private final LoopAdmission admission;
  private final List<Caller> callers = new ArrayList<>();
  private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>();
  private final SplittableRandom random = new SplittableRandom(7);
  private long made;

  /** Counts, by class. */
  final long[] served = new long[MethodClass.ALL.size()];

  /** Counts, by class. */
  final long[] refused = new long[MethodClass.ALL.size()];

  /** How long refusals took since the request could be read, in nanoseconds. */
  final List<Long> refusalNanos = new ArrayList<>();

  /** How long answers took since the request could be read, in nanoseconds. */
  final List<Long> servedNanos = new ArrayList<>();

  /** How long the upstream surely took, in nanoseconds, by what the loop knows. */
  final List<Long> tookNanos = new ArrayList<>();

  /** Something that becomes readable: a request of a caller, or its answer from upstream. */
  private record Arrival(long atNanos, long number, Caller caller, boolean isAnswer)
      implements Comparable<Arrival> {
    @Override
    public int compareTo(Arrival other) {
      return atNanos == other.atNanos
          ? Long.compare(number, other.number)
          : Long.compare(atNanos, other.atNanos);
    }
  }

  /** When clients ask again. */
  enum Manners {
    /** When refused, as long after as they are told, and a moment of their own. */
    POLITE,

    /** After their pause, whatever the answer was. */
    RUDE,

    /** All of them at once, whenever so much time has passed as their pause is long. */
    IN_STEP
  }

  private final class Caller implements Refusable {
    final MethodClass methodClass;
    final Manners manners;
    final long pauseNanos;
    boolean isUnread;
    boolean isGone;
    long askedNanos;
    long postedNanos;
    boolean isAsking;

    Caller(MethodClass methodClass, Manners manners, long pauseNanos) {
      this.methodClass = methodClass;
      this.manners = manners;
      this.pauseNanos = pauseNanos;
    }

    void askAgain() {
      boolean isInStep = manners == Manners.IN_STEP;
      ask(isInStep ? pauseNanos - loop.nanoTime() % pauseNanos : pauseNanos);
    }

    void ask(long delayNanos) {
      if (!isGone) {
        arrivals.add(new Arrival(loop.nanoTime() + delayNanos, made++, this, false));
      }
    }

    @Override
    public boolean mayGoUnread() {
      return true;
    }

    @Override
    public void setUnread(boolean unread) {
      isUnread = unread;
      if (!unread && isAsking) {
        ask(0);
      }
    }
  }

  CrowdedLoop() {
    this(1);
  }

  /** A loop that gets one part in so many of its processor, now and then. */
  CrowdedLoop(int slowness) {
    this.slowness = slowness;
    admission =
        new LoopAdmission(
            new LoopAdmission.Home(
                0, 1, new LoopAdmission.Times(loop, () -> usedNanos, turns), loop),
            new MemoryUse(() -> 0, 1),
            AdmissionPolicy.DEFAULT,
            new Silent());
    admission.guard(new Connected());
    admission.onConnection();
  }

  /** Somebody is always connected. */
  private static final class Connected implements Guarded {
    @Override
    public boolean isEmpty() {
      return false;
    }

    @Override
    public void onMemory(MemoryStage stage) {}

    @Override
    public long release(long bytes) {
      return 0;
    }
  }

  private static final class Silent implements AdmissionObserver {
    @Override
    public void onMemory(int loop, MemoryStage stage) {}

    @Override
    public void onShedding(int loop, boolean isShedding) {}

    @Override
    public void onUnread(int loop, int connections) {}
  }

  /** So many more clients, each with a pause between an answer and its next call. */
  void join(int count, MethodClass methodClass, Manners manners, long pauseNanos) {
    for (int i = 0; i < count; i++) {
      Caller caller = new Caller(methodClass, manners, pauseNanos);
      callers.add(caller);
      caller.ask(manners == Manners.IN_STEP ? pauseNanos : pauseNanos * i / count);
    }
  }

  /** All clients leave when their call is answered. */
  void leave() {
    callers.forEach(caller -> caller.isGone = true);
    callers.clear();
  }

  /** Runs for so long and counts from zero. */
  void run(double seconds) {
    Arrays.fill(served, 0);
    Arrays.fill(refused, 0);
    refusalNanos.clear();
    servedNanos.clear();
    tookNanos.clear();
    long end = loop.nanoTime() + (long) (seconds * SECOND);
    while (loop.nanoTime() < end) {
      turn(end);
    }
  }

  private void turn(long end) {
    List<Arrival> ready = new ArrayList<>();
    long now = loop.nanoTime();
    while (!arrivals.isEmpty() && arrivals.peek().atNanos <= now) {
      ready.add(arrivals.remove());
    }
    if (ready.isEmpty()) {
      loop.sleepUntil(arrivals.isEmpty() ? end : Math.min(end, arrivals.peek().atNanos));
      return;
    }
    for (Arrival arrival : ready) {
      if (arrival.isAnswer) {
        onAnswer(arrival.caller);
      } else {
        onRequest(arrival.caller, arrival.atNanos);
      }
    }
    loop.endTurn();
  }

  private void work(long nanos) {
    usedNanos += nanos;
    loop.work(slowness * nanos);
  }

  private void onAnswer(Caller caller) {
    long waitedNanos = loop.nanoTime() - caller.postedNanos;
    tookNanos.add(waitedNanos - turns.ownNanos(caller.postedNanos, loop.nanoTime()));
    work(ANSWER_NANOS);
    served[caller.methodClass.index()]++;
    servedNanos.add(loop.nanoTime() - caller.askedNanos);
    caller.askAgain();
  }

  /** What comes of a client that is not read stays where it is. */
  private void onRequest(Caller caller, long arrivedNanos) {
    if (caller.isUnread) {
      caller.isAsking = true;
      return;
    }
    caller.isAsking = false;
    caller.askedNanos = arrivedNanos;
    work(READ_NANOS);
    if (admission.admits(caller.methodClass)) {
      work(SEND_NANOS);
      caller.postedNanos = loop.nanoTime();
      arrivals.add(new Arrival(loop.nanoTime() + UPSTREAM_NANOS, made++, caller, true));
      return;
    }
    work(REFUSE_NANOS);
    refused[caller.methodClass.index()]++;
    refusalNanos.add(loop.nanoTime() - arrivedNanos);
    admission.onRefused(caller);
    if (caller.manners == Manners.POLITE) {
      caller.ask(admission.retryAfterSeconds() * SECOND + random.nextLong(SECOND));
    } else {
      caller.askAgain();
    }
  }
}
