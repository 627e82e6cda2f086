package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.table.PickRequest;
import io.fairlead.routing.table.Picker;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Grinds evidence in virtual time, as fast as the machine can: Poisson calls, picked by the real
 * table, whose outcomes are known at once; the real router with a tick every 20 ms and at every
 * ring. Nothing waits, so silence and queues are out of its reach; {@link World} has those.
 */
final class Mill {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1000 * MILLI;
  private static final long TICK = 20 * MILLI;
  private static final int LUCK = 1 << 14;

  /** Light, read, logs, trace, write: cumulative shares and medians of the service time. */
  private static final double[] MIX = {0.78, 0.95, 0.97, 0.98, 1};

  private static final double[] MEDIAN_MILLIS = {1.1, 11, 50, 500, 10};

  /** How the calls are spread. */
  enum Spread {
    /** Everybody is as near as everybody else. */
    EVEN,
    /** Regions 2, 15, 35, 80 and 150 ms away. */
    NEAR
  }

  final List<RoutingEvent> events = new ArrayList<>();
  final ChainRouter router;
  final double[] failing;
  final double[] slowdown;
  long now = 1000 * SECOND;
  long calls;
  private final EvidenceLane lane;
  private final Picker picker;
  private final SplittableRandom random;
  private final PickRequest request = new PickRequest();
  private final float[] luck = new float[LUCK];
  private final double[] rttMillis;
  private final double perSecond;
  private long tickAt = now + TICK;
  private boolean isRung;

  Mill(long seed, Spread spread, double perSecond) {
    this.perSecond = perSecond;
    random = new SplittableRandom(seed);
    AtomicInteger slots = new AtomicInteger();
    router =
        new ChainRouter(
            new ChainIdentity("mill", slots::getAndIncrement),
            RoutingPolicy.DEFAULT,
            () -> now,
            random.split(),
            events::add);
    lane = router.newLane(() -> isRung = true);
    picker = new Picker(random.split());
    List<UpstreamSpec> specs = specs();
    failing = new double[specs.size()];
    slowdown = new double[specs.size()];
    rttMillis = new double[specs.size()];
    Arrays.fill(slowdown, 1);
    router.setUpstreams(specs, RoutingPolicy.DEFAULT);
    double[] rtts = {2, 15, 35, 80, 150};
    for (int i = 0; i < specs.size(); i++) {
      rttMillis[i] = spread == Spread.NEAR ? rtts[i / 6] : 10;
      router.onRtt(specs.get(i).id(), (long) (rttMillis[i] * MILLI));
      router.onIdentity(specs.get(i).id(), Identity.VERIFIED);
    }
    for (int i = 0; i < LUCK; i++) {
      double sum = -6;
      for (int k = 0; k < 12; k++) {
        sum += random.nextDouble();
      }
      luck[i] = (float) Math.exp(0.8 * sum);
    }
    router.tick();
  }

  /** Five regions of six in three clouds, with four vendors across them. */
  static List<UpstreamSpec> specs() {
    List<UpstreamSpec> specs = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String cloud = "c" + i / 6 % 3;
      specs.add(
          new UpstreamSpec(
              "r" + i / 6 + "-" + i % 6,
              List.of(
                  FailureDomain.region(cloud, "r" + i / 6),
                  FailureDomain.cloud(cloud),
                  new FailureDomain(FailureDomain.VENDOR, "v" + i % 4)),
              100,
              0,
              100_000));
    }
    return specs;
  }

  Mill failing(double everywhere) {
    Arrays.fill(failing, everywhere);
    return this;
  }

  /** Sets how often one region fails and by how much it is slower. */
  Mill region(int region, double newFailing, double newSlowdown) {
    for (int i = 6 * region; i < 6 * region + 6; i++) {
      failing[i] = newFailing;
      slowdown[i] = newSlowdown;
    }
    return this;
  }

  Mill run(long nanos) {
    long until = now + nanos;
    while (true) {
      long next = now + (long) (-Math.log(1 - random.nextDouble()) / perSecond * SECOND);
      while (tickAt <= next && tickAt <= until) {
        now = tickAt;
        tickAt += TICK;
        isRung = false;
        router.tick();
      }
      if (next > until) {
        now = until;
        return this;
      }
      now = next;
      call();
      if (isRung) {
        isRung = false;
        router.tick();
      }
    }
  }

  private void call() {
    RoutingTable table = router.table();
    double draw = random.nextDouble();
    int c = 0;
    while (draw >= MIX[c]) {
      c++;
    }
    MethodClass methodClass = MethodClass.ALL.get(c);
    request.reset(methodClass, false, null);
    Upstream u = picker.pick(table, request);
    if (u == null) {
      return;
    }
    calls++;
    int i = u.slot();
    long bits = random.nextLong();
    boolean isBad = (bits >>> 40) * 0x1p-24 < failing[i];
    double service = slowdown[i] * MEDIAN_MILLIS[c] * luck[(int) bits & LUCK - 1];
    double network = rttMillis[i] * (0.9 + 0.2 * ((bits >>> 16 & 0xffff) * 0x1p-16));
    AttemptResult result = isBad ? AttemptResult.FAILED : AttemptResult.SUCCESS;
    lane.onAttempt(u, methodClass, result, (long) ((network + service) * MILLI));
  }

  /** Tells of an attempt besides those that it plays. */
  void tell(Upstream upstream, MethodClass methodClass, AttemptResult result) {
    lane.onAttempt(upstream, methodClass, result, MILLI);
  }

  double shareOf(int region, MethodClass methodClass) {
    double sum = 0;
    for (int i = 6 * region; i < 6 * region + 6; i++) {
      sum += router.table().share(router.upstreams().get(i), methodClass);
    }
    return sum;
  }

  long drains() {
    return count(RoutingEvent.Kind.EJECTED) + count(RoutingEvent.Kind.DOMAIN_EJECTED);
  }

  long count(RoutingEvent.Kind kind) {
    return events.stream().filter(e -> e.kind() == kind).count();
  }
}
