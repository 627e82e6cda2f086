package io.fairlead.routing.sim.engine;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.ProbeReply;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import java.util.List;
import java.util.function.Consumer;

/**
 * One gateway's place in the world.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Seat implements Network {
  private static final double PROBE_WORK_NANOS = 500_000;
  private static final SimCall.Traits PROBE = new SimCall.Traits(MethodClass.LIGHT, false, true);

  private final int index;
  private final Agenda agenda;
  private final Globe globe;
  private final Recorder recorder;
  private long probes;
  private GatewayUnderTest gateway;

  Seat(int index, Agenda agenda, Globe globe, Recorder recorder) {
    this.index = index;
    this.agenda = agenda;
    this.globe = globe;
    this.recorder = recorder;
    this.gateway = new Nobody();
  }

  void take(GatewayUnderTest newGateway) {
    gateway = newGateway;
  }

  GatewayUnderTest gateway() {
    return gateway;
  }

  @Override
  public long nanoTime() {
    return agenda.nanoTime();
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    Timer timer = new Timer(task);
    agenda.add(agenda.nanoTime() + Math.max(0, delayNanos), Engine.TIMER, timer);
    return timer;
  }

  @Override
  public List<UpstreamSpec> upstreams() {
    return globe.specs();
  }

  @Override
  public boolean isConfigured(int upstream) {
    return globe.node(upstream).weather().isConfigured();
  }

  @Override
  public SimAttempt send(SimCall call, int upstream) {
    Call asked = own(call);
    Attempt attempt = new Attempt(asked, upstream, agenda.nanoTime(), null);
    recorder.onSent(attempt);
    asked.inFlight++;
    go(attempt);
    return attempt;
  }

  private void go(Attempt attempt) {
    Node node = globe.node(attempt.upstream());
    long arrival = agenda.nanoTime() + node.oneWayNanos(attempt, Luck.THERE);
    agenda.add(arrival, Engine.REQUESTED, attempt);
  }

  private Call own(SimCall call) {
    if (call instanceof Call own && own.seat == this && !call.isEnded()) {
      return own;
    }
    throw new IllegalArgumentException(
        "call: " + call.id() + " (expected: one of this gateway that has not ended)");
  }

  @Override
  public void cancel(SimAttempt attempt) {
    if (attempt instanceof Attempt own && !own.isOver) {
      over(own);
      if (own.stage == Attempt.Stage.GOING || own.stage == Attempt.Stage.WAITING) {
        Node node = globe.node(own.upstream());
        long arrival = agenda.nanoTime() + node.oneWayNanos(own, Luck.THERE);
        agenda.add(arrival, Engine.CANCELLED, own);
      }
    }
  }

  private void over(Attempt attempt) {
    attempt.isOver = true;
    attempt.asked.inFlight--;
    recorder.onOver(attempt);
  }

  @Override
  public void answer(SimCall call, boolean isGood) {
    Call asked = own(call);
    asked.end();
    recorder.onAnswered(asked, isGood);
  }

  @Override
  public void probe(int upstream, Consumer<ProbeReply> then) {
    long now = agenda.nanoTime();
    Call.Key key = new Call.Key(-1 - (probes++ * 64 + index), now, this);
    recorder.onProbe(upstream);
    go(new Attempt(new Call(key, PROBE, PROBE_WORK_NANOS, false), upstream, now, then));
  }

  @Override
  public double rttMillis(int upstream) {
    return globe.node(upstream).rttMillis();
  }

  @Override
  public long headBlocks(int upstream) {
    Weather weather = globe.node(upstream).weather();
    return weather.isReachable() ? weather.headBlocks(agenda.nanoTime()) : -1;
  }

  @Override
  public void onBlamed(FailureDomain domain) {
    recorder.onBlamed(index, domain);
  }

  @Override
  public void onEjected(int upstream) {
    recorder.onEjected(index, upstream);
  }

  @Override
  public void onReturned(int upstream) {
    recorder.onReturned(index, upstream);
  }

  /** An answer has come back. */
  void onReplied(Attempt attempt) {
    attempt.stage = Attempt.Stage.GONE;
    long elapsed = agenda.nanoTime() - attempt.sentNanos();
    Consumer<ProbeReply> then = attempt.then;
    if (then != null) {
      then.accept(new ProbeReply(attempt.result, elapsed, attempt.headBlocks));
    } else if (!attempt.isOver) {
      over(attempt);
      recorder.onReplied(attempt);
      gateway.onReply(
          attempt, new Reply(attempt.result, elapsed, attempt.headBlocks, attempt.maybeProcessed));
    }
  }

  /** The client's patience is at its end. */
  void onDeadline(Call call) {
    if (!call.isEnded()) {
      call.end();
      recorder.onLost(call);
      gateway.onDeadline(call);
    }
  }

  /** A task that is due some time, unless it is called off. */
  static final class Timer implements Cancellable {
    private final Runnable task;
    private boolean isCancelled;

    Timer(Runnable task) {
      this.task = task;
    }

    @Override
    public void cancel() {
      isCancelled = true;
    }

    void run() {
      if (!isCancelled) {
        task.run();
      }
    }
  }

  /** Sits there until a gateway does. */
  private static final class Nobody implements GatewayUnderTest {
    @Override
    public void onCall(SimCall call) {}

    @Override
    public void onReply(SimAttempt attempt, Reply reply) {}

    @Override
    public void onDeadline(SimCall call) {}
  }
}
