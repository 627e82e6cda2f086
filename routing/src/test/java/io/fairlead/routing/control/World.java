package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.table.PickRequest;
import io.fairlead.routing.table.Picker;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * A small world in virtual time: Poisson calls, upstreams that behave as told, the router as in
 * production with a tick every 20 ms and at every ring. One attempt a call unless {@link #attempts}
 * says more.
 */
final class World {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1000 * MILLI;
  private static final long TICK = 20 * MILLI;

  /** How an upstream answers a call that is sent now. */
  interface Behaviour {
    Answer answer(long nowNanos, RandomGenerator random);
  }

  /** An answer; {@code afterNanos} of {@link Long#MAX_VALUE} is silence. */
  record Answer(AttemptResult result, long afterNanos) {}

  private record Task(long atNanos, long order, Runnable body) {}

  final List<RoutingEvent> events = new ArrayList<>();
  final List<Long> eventTimes = new ArrayList<>();
  final Map<String, Integer> picks = new HashMap<>();
  final ChainRouter router;
  final SplittableRandom random;
  long now = 1_000 * SECOND;
  int attempts = 1;
  int failed;
  int answered;
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          (a, b) ->
              a.atNanos() != b.atNanos()
                  ? Long.compare(a.atNanos(), b.atNanos())
                  : Long.compare(a.order(), b.order()));
  private final Map<String, Behaviour> behaviours = new HashMap<>();
  private final EvidenceLane lane;
  private final Picker picker;
  private double perSecond;
  private long order;

  World(long seed, List<UpstreamSpec> specs, RoutingPolicy policy) {
    random = new SplittableRandom(seed);
    AtomicInteger slots = new AtomicInteger();
    router =
        new ChainRouter(
            new ChainIdentity("test", slots::getAndIncrement),
            policy,
            () -> now,
            random.split(),
            this::onEvent);
    lane = router.newLane(() -> after(0, router::tick));
    picker = new Picker(random.split());
    router.setUpstreams(specs, policy);
    for (UpstreamSpec spec : specs) {
      router.onIdentity(spec.id(), Identity.VERIFIED);
      behaviours.put(spec.id(), healthy(5));
    }
    router.tick();
    tickAgain();
  }

  private void onEvent(RoutingEvent event) {
    events.add(event);
    eventTimes.add(now);
  }

  private void tickAgain() {
    router.tick();
    after(TICK, this::tickAgain);
  }

  static Behaviour healthy(double millis) {
    return (now, random) ->
        new Answer(
            AttemptResult.SUCCESS,
            (long) (millis * MILLI * (0.65 + 0.1 * random.nextDouble() + 0.3 * service(random))));
  }

  static Behaviour refusing() {
    return (now, random) -> new Answer(AttemptResult.FAILED, MILLI);
  }

  static Behaviour silent() {
    return (now, random) -> new Answer(AttemptResult.TIMED_OUT, Long.MAX_VALUE);
  }

  /** One call after the other, each as long; those that come meanwhile wait. */
  static Behaviour queueing(double millis) {
    long[] freeNanos = {Long.MIN_VALUE};
    return (now, random) -> {
      freeNanos[0] = Math.max(freeNanos[0], now) + (long) (millis * MILLI);
      return new Answer(AttemptResult.SUCCESS, freeNanos[0] - now);
    };
  }

  /** Some get no answer, the others one at once. */
  static Behaviour swallowing(double probability) {
    return (now, random) ->
        random.nextDouble() < probability
            ? new Answer(AttemptResult.TIMED_OUT, Long.MAX_VALUE)
            : new Answer(AttemptResult.SUCCESS, 5 * MILLI);
  }

  static Behaviour failing(double probability, double millis) {
    return (now, random) ->
        random.nextDouble() < probability
            ? new Answer(AttemptResult.FAILED, MILLI)
            : healthy(millis).answer(now, random);
  }

  /** Lognormal with median 1. */
  private static double service(RandomGenerator random) {
    return Math.exp(0.5 * gaussian(random));
  }

  private static double gaussian(RandomGenerator random) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }

  /** A healthy world in which a prefix of the ids is so many milliseconds away. */
  World at(String prefix, double millis) {
    return set(prefix, healthy(millis));
  }

  World set(String prefix, Behaviour behaviour) {
    behaviours.replaceAll((id, b) -> id.startsWith(prefix) ? behaviour : b);
    return this;
  }

  World load(double newPerSecond) {
    boolean isIdle = perSecond == 0;
    perSecond = newPerSecond;
    if (isIdle) {
      arrive();
    }
    return this;
  }

  private void arrive() {
    if (perSecond > 0) {
      long gap = (long) (-Math.log(1 - random.nextDouble()) / perSecond * SECOND);
      after(
          gap,
          () -> {
            call();
            arrive();
          });
    }
  }

  void after(long delay, Runnable body) {
    tasks.add(new Task(now + delay, order++, body));
  }

  World run(long nanos) {
    long until = now + nanos;
    while (!tasks.isEmpty() && tasks.peek().atNanos() <= until) {
      Task task = tasks.remove();
      now = task.atNanos();
      task.body().run();
    }
    now = until;
    return this;
  }

  void call() {
    PickRequest request = new PickRequest();
    request.reset(MethodClass.LIGHT, false, null);
    attempt(request);
  }

  private void attempt(PickRequest request) {
    RoutingTable table = router.table();
    Upstream u = request.tried() < attempts ? picker.pick(table, request) : null;
    if (u == null || !u.tryAcquire(MethodClass.LIGHT)) {
      failed++;
      return;
    }
    request.onTried(u);
    picks.merge(u.id(), 1, Integer::sum);
    Answer answer = behaviours.getOrDefault(u.id(), silent()).answer(now, random);
    new Attempt(u, request, answer).start(table);
  }

  private final class Attempt {
    private final Upstream upstream;
    private final PickRequest request;
    private final Answer answer;
    private final long startNanos = now;
    private boolean isEnded;
    private boolean isOverdue;

    Attempt(Upstream upstream, PickRequest request, Answer answer) {
      this.upstream = upstream;
      this.request = request;
      this.answer = answer;
    }

    void start(RoutingTable table) {
      long timeout = table.attemptTimeoutNanos(upstream, MethodClass.LIGHT);
      if (answer.afterNanos() < timeout) {
        after(answer.afterNanos(), () -> end(answer.result()));
      } else {
        after(timeout, () -> end(AttemptResult.TIMED_OUT));
      }
      after(table.overdueAfterNanos(upstream, MethodClass.LIGHT), this::overdue);
    }

    private void overdue() {
      if (!isEnded) {
        isOverdue = true;
        lane.onOverdue(upstream, MethodClass.LIGHT, now - startNanos);
      }
    }

    private void end(AttemptResult result) {
      isEnded = true;
      upstream.release(MethodClass.LIGHT);
      answered += result.isSuccess() ? 1 : 0;
      if (result == AttemptResult.LIMITED) {
        lane.onHoldOff(upstream, -1);
      }
      if (isOverdue) {
        lane.onOverdueEnd(upstream, MethodClass.LIGHT, result, now - startNanos);
      } else {
        lane.onAttempt(upstream, MethodClass.LIGHT, result, now - startNanos);
      }
      if (result.isFailure()) {
        attempt(request);
      }
    }
  }

  /** When an event of a kind on a subject first came, or -1. */
  long timeOf(Kind kind, String subject) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).kind() == kind && events.get(i).subject().equals(subject)) {
        return eventTimes.get(i);
      }
    }
    return -1;
  }

  long count(Kind kind) {
    return events.stream().filter(e -> e.kind() == kind).count();
  }

  int picks(String id) {
    return picks.getOrDefault(id, 0);
  }

  double share(String id) {
    for (Upstream u : router.upstreams()) {
      if (u.id().equals(id)) {
        return router.table().share(u, MethodClass.LIGHT);
      }
    }
    throw new IllegalArgumentException(id);
  }

  double shareOf(String prefix) {
    double sum = 0;
    for (Upstream u : router.upstreams()) {
      sum += u.id().startsWith(prefix) ? router.table().share(u, MethodClass.LIGHT) : 0;
    }
    return sum;
  }
}
