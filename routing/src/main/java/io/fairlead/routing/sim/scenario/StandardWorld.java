package io.fairlead.routing.sim.scenario;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The world in which policies are judged unless a scenario says otherwise: five regions with six
 * upstreams each, 2 to 150 ms away, of unequal speed, a third of them four times slower on heavy
 * calls; 1,500 calls a second, mostly light; the nearest region fails from 15 s to 30 s.
 *
 * <p>Four clouds have the regions (the first has the nearest and the middle one), three vendors
 * have two upstreams in each. Upstreams are named by region and number: {@code r0-0} is one of the
 * nearest.
 */
public final class StandardWorld {
  /** The nearest region, which has the largest share. */
  public static final FailureDomain NEAREST = FailureDomain.region("aws", "r0");

  /** The cloud of the nearest and the middle region. */
  public static final FailureDomain CLOUD = FailureDomain.cloud("aws");

  /** One of the three vendors. */
  public static final FailureDomain VENDOR = new FailureDomain(FailureDomain.VENDOR, "v0");

  private static final long SECOND = 1_000_000_000L;
  private static final double[] RTT_MILLIS = {2, 15, 35, 80, 150};
  private static final List<String> CLOUDS = List.of("aws", "gcp", "aws", "azure", "metal");
  private static final int PER_REGION = 6;
  private static final int VENDORS = 3;
  private static final double SLOWEST = 0.6;
  private static final double SPEED_STEP = 0.24;

  private StandardWorld() {}

  /**
   * The upstreams.
   *
   * @return thirty in five regions, four clouds and three vendors
   */
  public static World world() {
    List<SimUpstream> upstreams = new ArrayList<>();
    for (int region = 0; region < RTT_MILLIS.length; region++) {
      for (int i = 0; i < PER_REGION; i++) {
        Path path = new Path(RTT_MILLIS[region], 0.1);
        upstreams.add(new SimUpstream(spec(region, i), path, server(region, i)));
      }
    }
    return new World(upstreams, 12 * SECOND);
  }

  private static UpstreamSpec spec(int region, int i) {
    String cloud = CLOUDS.get(region);
    FailureDomain vendor = new FailureDomain(FailureDomain.VENDOR, "v" + i % VENDORS);
    List<FailureDomain> domains =
        List.of(FailureDomain.region(cloud, "r" + region), FailureDomain.cloud(cloud), vendor);
    return new UpstreamSpec("r" + region + "-" + i, domains, 100, 0, Integer.MAX_VALUE);
  }

  /**
   * Twelve slots. Of the faster half of a region two are slow on heavy calls, other ones from
   * region to region; on the slower half such calls would outlast the clients' patience.
   */
  private static Server server(int region, int i) {
    boolean isSlowOnHeavy = i >= PER_REGION / 2 && (i + region) % VENDORS != 0;
    return new Server(12, SLOWEST + SPEED_STEP * i, isSlowOnHeavy ? 4 : 1, 0, 0);
  }

  /**
   * The calls: 80 % light of 1.5 ms, 17 % reads of 15 ms, 3 % traces of 700 ms.
   *
   * @param perSecond how many
   * @return the load
   */
  public static Load load(double perSecond) {
    List<ClassLoad> classes =
        List.of(
            new ClassLoad(MethodClass.LIGHT, 0.80, 1.5, 0.5, 0.25),
            new ClassLoad(MethodClass.READ, 0.17, 15, 0.5, 0.5),
            new ClassLoad(MethodClass.TRACE, 0.03, 700, 0.3, 0));
    return new Load(List.of(new RatePoint(0, perSecond)), classes, 0);
  }

  /**
   * How it is played: sixty seconds, measured from the fifth on, clients give up after three.
   *
   * @return the play
   */
  public static Play play() {
    return new Play(60 * SECOND, 5 * SECOND, 3 * SECOND, 1, Settings.DEFAULT);
  }

  /**
   * The whole, in good weather.
   *
   * @param name what reports call it
   * @return the scenario without faults
   */
  public static Scenario calm(String name) {
    return new Scenario(name, world(), load(1500), List.of(), play());
  }

  /**
   * The whole, with something befalling the nearest region from 15 s to 30 s.
   *
   * @param name what reports call it
   * @param kind what befalls it
   * @return the scenario
   */
  public static Scenario stricken(String name, FaultKind kind) {
    Targets targets = Targets.of(world(), NEAREST);
    return calm(name).withFaults(new Fault(kind, targets, 15 * SECOND, 30 * SECOND));
  }
}
