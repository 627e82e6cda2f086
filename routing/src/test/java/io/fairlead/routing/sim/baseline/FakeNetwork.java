package io.fairlead.routing.sim.baseline;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.ProbeReply;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.Path;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.RatePoint;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.Settings;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A network in virtual time whose every answer is the test's to give. */
final class FakeNetwork implements Network {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000_000_000L;
  static final long TIMEOUT = 3 * SECOND;

  final List<SimAttempt> sent = new ArrayList<>();
  final List<SimAttempt> cancelled = new ArrayList<>();
  final List<Long> good = new ArrayList<>();
  final List<Long> bad = new ArrayList<>();
  final List<Integer> probed = new ArrayList<>();
  final List<Integer> ejected = new ArrayList<>();
  final List<Integer> returned = new ArrayList<>();
  final boolean[] absent;
  final double[] rttMillis;
  final long[] heads;

  /** What probes of an upstream come to; null for silence. */
  final @Nullable AttemptResult[] probes;

  private final List<UpstreamSpec> specs;
  private final Queue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::order));
  private long now;
  private long order;
  private long calls;

  private record Task(long atNanos, long order, Runnable what) {}

  FakeNetwork(List<UpstreamSpec> specs) {
    this.specs = List.copyOf(specs);
    absent = new boolean[specs.size()];
    rttMillis = new double[specs.size()];
    heads = new long[specs.size()];
    probes = new AttemptResult[specs.size()];
    Arrays.fill(rttMillis, 10);
    Arrays.fill(probes, AttemptResult.SUCCESS);
  }

  /** So many upstreams with weight 100, ten to a region. */
  static FakeNetwork of(int upstreams) {
    return new FakeNetwork(IntStream.range(0, upstreams).mapToObj(u -> spec(u, 100)).toList());
  }

  /** Upstreams of these weights, all in one region. */
  static FakeNetwork weighing(int... weights) {
    return new FakeNetwork(
        IntStream.range(0, weights.length).mapToObj(u -> spec(u, weights[u])).toList());
  }

  private static UpstreamSpec spec(int u, int weight) {
    List<FailureDomain> domains =
        List.of(FailureDomain.region("c", "r" + u / 10), FailureDomain.cloud("c"));
    return new UpstreamSpec(
        String.format(Locale.ROOT, "u%03d", u), domains, weight, 0, Integer.MAX_VALUE);
  }

  /** A scenario of these upstreams: three attempts, three seconds, one gateway. */
  Scenario scenario() {
    return scenario(Settings.DEFAULT);
  }

  /** The scenario otherwise configured. */
  Scenario scenario(Settings settings) {
    List<SimUpstream> upstreams =
        specs.stream().map(s -> new SimUpstream(s, new Path(10, 0), Server.of(12, 1))).toList();
    Load load =
        new Load(
            List.of(new RatePoint(0, 1)), List.of(new ClassLoad(MethodClass.LIGHT, 1, 1, 0, 0)), 0);
    Play play = new Play(100 * SECOND, 0, TIMEOUT, 1, settings);
    return new Scenario("fake", new World(upstreams, SECOND), load, List.of(), play);
  }

  /** Settings with so many attempts and no hedges. */
  static Settings attempts(int maxAttempts) {
    return new Settings(RoutingPolicy.DEFAULT, maxAttempts, 0, 0);
  }

  /** Plays until an instant. */
  void playTo(long nanos) {
    Task first = tasks.peek();
    while (first != null && first.atNanos() <= nanos) {
      tasks.remove();
      now = first.atNanos();
      first.what().run();
      first = tasks.peek();
    }
    now = nanos;
  }

  /** Plays for a while. */
  void playFor(long nanos) {
    playTo(now + nanos);
  }

  /** A light, repeatable call arrives; returns the attempt that was sent last. */
  SimAttempt call(GatewayUnderTest gateway) {
    return call(gateway, MethodClass.LIGHT);
  }

  /** A call of a class arrives; writes are not repeatable. */
  SimAttempt call(GatewayUnderTest gateway, MethodClass c) {
    gateway.onCall(new SimCall(calls++, now, new SimCall.Traits(c, false, c != MethodClass.WRITE)));
    return sent.get(sent.size() - 1);
  }

  /** An attempt is answered well now. */
  void succeed(GatewayUnderTest gateway, SimAttempt attempt) {
    end(gateway, attempt, AttemptResult.SUCCESS, true);
  }

  /** An attempt fails now, maybe after it was processed. */
  void fail(GatewayUnderTest gateway, SimAttempt attempt) {
    end(gateway, attempt, AttemptResult.FAILED, true);
  }

  /** An attempt ends now. */
  void end(GatewayUnderTest gateway, SimAttempt attempt, AttemptResult result, boolean processed) {
    gateway.onReply(attempt, new Reply(result, now - attempt.sentNanos(), 0, processed));
  }

  /** The client of a call gives up now. */
  void expire(GatewayUnderTest gateway, SimCall call) {
    call.end();
    gateway.onDeadline(call);
  }

  /** The upstreams of all attempts since a count of them. */
  int[] sentSince(int count) {
    return sent.subList(count, sent.size()).stream().mapToInt(SimAttempt::upstream).toArray();
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    Task made = new Task(now + delayNanos, order++, task);
    tasks.add(made);
    return () -> tasks.remove(made);
  }

  @Override
  public List<UpstreamSpec> upstreams() {
    return specs;
  }

  @Override
  public boolean isConfigured(int upstream) {
    return !absent[upstream];
  }

  @Override
  public SimAttempt send(SimCall call, int upstream) {
    assertFalse(call.isEnded(), "sent after its end");
    SimAttempt attempt = new SimAttempt(call, upstream, now);
    sent.add(attempt);
    return attempt;
  }

  @Override
  public void cancel(SimAttempt attempt) {
    cancelled.add(attempt);
  }

  @Override
  public void answer(SimCall call, boolean isGood) {
    assertFalse(call.isEnded(), "answered twice");
    call.end();
    (isGood ? good : bad).add(call.id());
  }

  @Override
  public void probe(int upstream, Consumer<ProbeReply> then) {
    probed.add(upstream);
    AttemptResult result = probes[upstream];
    if (result != null) {
      long rtt = (long) (rttMillis[upstream] * MILLI);
      schedule(() -> then.accept(new ProbeReply(result, rtt, 0)), rtt);
    }
  }

  @Override
  public double rttMillis(int upstream) {
    return rttMillis[upstream];
  }

  @Override
  public long headBlocks(int upstream) {
    return heads[upstream];
  }

  @Override
  public void onBlamed(FailureDomain domain) {
    throw new AssertionError("no baseline knows failure domains: " + domain);
  }

  @Override
  public void onEjected(int upstream) {
    ejected.add(upstream);
  }

  @Override
  public void onReturned(int upstream) {
    returned.add(upstream);
  }
}
