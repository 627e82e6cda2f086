package io.fairlead.gateway.demo.load;

import io.fairlead.gateway.demo.world.SimulatedChain;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls at random instants at a planned rate, whether or not earlier ones were answered, and
 * counts how they end.
 *
 * <p>Latency counts from the instant at which a call was due: a load that falls behind shows its
 * delay rather than hiding it.
 *
 * <p>Thread-safety: confined to its event loop.
 */
public final class LoadGenerator {
  private static final int WARMERS = 16;
  private static final long NOT_STARTED = Long.MAX_VALUE / 2;
  private static final long LONGEST_GAP_NANOS = 100_000_000;
  private static final double NANOS_A_SECOND = 1e9;

  private final EventLoop loop;
  private final LoadClient client;
  private final CallMix mix;
  private final RandomGenerator random;
  private final LoadTally tally;
  private final LoadPlan plan;
  private long startNanos = NOT_STARTED;
  private long dueNanos;
  private boolean isCallDue;
  private int inFlight;
  private @Nullable Runnable whenDrained;

  /**
   * A load that has not begun.
   *
   * @param loop where everything runs
   * @param target the gateway's RPC address
   * @param chain what answers are checked against
   * @param plan what is sent and how often
   * @param random decides calls and instants
   */
  public LoadGenerator(
      EventLoop loop,
      InetSocketAddress target,
      SimulatedChain chain,
      LoadPlan plan,
      RandomGenerator random) {
    this.loop = loop;
    this.client = new LoadClient(target, loop, plan.timeout());
    this.mix = new CallMix(chain, plan.shares(), random);
    this.random = random;
    this.plan = plan;
    this.tally = new LoadTally(plan.stages().count());
  }

  /**
   * Exercises everything at no more than the rate, with few calls at a time, so that a program that
   * has just started, and is slow, is not buried under calls; to be called on the loop. What fails
   * counts in the total.
   */
  public void warmUp() {
    for (int i = 0; i < WARMERS; i++) {
      send(loop.ticker().nanoTime());
    }
  }

  /** Begins, and ends the warming up; to be called on the loop, once. */
  public void start() {
    dueNanos = loop.ticker().nanoTime();
    startNanos = dueNanos;
    pump();
  }

  /**
   * Sends no more; to be called on the loop, once.
   *
   * @param afterLast runs on the loop when every call has ended
   */
  public void stop(Runnable afterLast) {
    whenDrained = afterLast;
    runWhenDrained();
  }

  /**
   * The figures now; to be called on the loop, about four times a second, for each call moves the
   * window of the last second on.
   *
   * @return a copy
   */
  public LoadFigures nextFigures() {
    return tally.next(inFlight);
  }

  private void pump() {
    if (whenDrained != null) {
      return;
    }
    long now = loop.ticker().nanoTime();
    while (dueNanos - now <= 0) {
      if (isCallDue) {
        send(dueNanos);
      }
      long gap = nextGapNanos(plan.rate().perSecondAt().applyAsDouble(dueNanos - startNanos));
      isCallDue = gap < LONGEST_GAP_NANOS;
      dueNanos += Math.min(gap, LONGEST_GAP_NANOS);
    }
    later(this::pump, dueNanos - loop.ticker().nanoTime());
  }

  /**
   * The time to the next call: exponential, so that calls come as a Poisson process. A long one is
   * cut off and drawn anew, by the rate as of then: a Poisson process does not remember.
   */
  private long nextGapNanos(double perSecond) {
    return (long) (-NANOS_A_SECOND / perSecond * Math.log(1 - random.nextDouble()));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A task that fails is logged by the loop.
  private void later(Runnable task, long nanos) {
    loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /** A call on its way. */
  private final class Sent implements LoadClient.AnswerListener {
    private final PlannedCall call = mix.next();
    private final long due;
    private final long late;

    Sent(long due) {
      this.due = due;
      this.late = Math.max(0, loop.ticker().nanoTime() - due);
    }

    @Override
    public void onAnswer(int status, byte[] body, EndedCall.Route route) {
      onEnd(call, ended(route, AnswerJudge.judge(call, status, body)));
    }

    @Override
    public void onFailure(String reason) {
      onEnd(call, ended(EndedCall.Route.UNKNOWN, Outcome.failed(reason)));
    }

    private EndedCall ended(EndedCall.Route route, Outcome outcome) {
      long elapsed = Math.max(0, loop.ticker().nanoTime() - due);
      return new EndedCall(due - startNanos, late, elapsed, route, outcome);
    }
  }

  private void send(long due) {
    inFlight++;
    Sent sent = new Sent(due);
    client.post(sent.call.body(), sent);
  }

  private void onEnd(PlannedCall call, EndedCall ended) {
    inFlight--;
    Outcome outcome = ended.outcome();
    int stage = plan.stages().at().applyAsInt(ended.dueNanos());
    tally.onEnd(stage, ended.elapsedNanos(), outcome);
    plan.recorder().onEnd(ended);
    if (!outcome.isRight()) {
      tally.onComplaint(ended.dueNanos(), call + ": " + outcome.detail());
    }
    if (startNanos == NOT_STARTED) {
      later(this::sendAnotherWhileCold, WARMERS * nextGapNanos(plan.rate().warming()));
    }
    runWhenDrained();
  }

  private void sendAnotherWhileCold() {
    if (startNanos == NOT_STARTED && whenDrained == null) {
      send(loop.ticker().nanoTime());
    }
  }

  private void runWhenDrained() {
    if (whenDrained != null && inFlight == 0) {
      whenDrained.run();
    }
  }
}
