package io.fairlead.gateway.demo.load;

import io.fairlead.gateway.demo.world.SimulatedChain;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongToIntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls at random instants at a steady rate, whether or not earlier ones were answered, and
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

  private final EventLoop loop;
  private final LoadClient client;
  private final CallMix mix;
  private final RandomGenerator random;
  private final LoadTally tally;
  private final LongToIntFunction stageAt;
  private final double meanGapNanos;
  private long startNanos = NOT_STARTED;
  private long dueNanos;
  private int inFlight;
  private @Nullable Runnable whenDrained;

  /**
   * Who sends what, and how often.
   *
   * @param callsPerSecond the mean rate
   * @param timeout after which a call is given up
   * @param stages how many stages figures are kept for
   * @param stageAt the stage of a call by when it is due, in nanoseconds from the start; negative
   *     for none
   */
  public record Plan(
      double callsPerSecond, Duration timeout, int stages, LongToIntFunction stageAt) {
    /** Checks the rate. */
    public Plan {
      if (!(callsPerSecond > 0)) {
        throw new IllegalArgumentException("rate: " + callsPerSecond + " (expected: more than 0)");
      }
    }
  }

  /**
   * A load that has not begun.
   *
   * @param loop where everything runs
   * @param target the gateway's RPC address
   * @param chain what answers are checked against
   * @param plan rate and stages
   * @param random decides calls and instants
   */
  public LoadGenerator(
      EventLoop loop,
      InetSocketAddress target,
      SimulatedChain chain,
      Plan plan,
      RandomGenerator random) {
    this.loop = loop;
    this.client = new LoadClient(target, loop, plan.timeout());
    this.mix = new CallMix(chain, random);
    this.random = random;
    this.tally = new LoadTally(plan.stages());
    this.stageAt = plan.stageAt();
    this.meanGapNanos = 1e9 / plan.callsPerSecond();
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
      send(dueNanos);
      dueNanos += nextGapNanos();
    }
    later(this::pump, dueNanos - loop.ticker().nanoTime());
  }

  /** The time to the next call: exponential, so that calls come as a Poisson process. */
  private long nextGapNanos() {
    return (long) (-meanGapNanos * Math.log(1 - random.nextDouble()));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A task that fails is logged by the loop.
  private void later(Runnable task, long nanos) {
    loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  private void send(long due) {
    PlannedCall call = mix.next();
    inFlight++;
    client.post(
        call.body(),
        new LoadClient.AnswerListener() {
          @Override
          public void onAnswer(int status, byte[] body) {
            onEnd(call, due, AnswerJudge.judge(call, status, body));
          }

          @Override
          public void onFailure(String reason) {
            onEnd(call, due, Outcome.failed(reason));
          }
        });
  }

  private void onEnd(PlannedCall call, long due, Outcome outcome) {
    inFlight--;
    long elapsed = Math.max(0, loop.ticker().nanoTime() - due);
    long dueFromStart = due - startNanos;
    tally.onEnd(stageAt.applyAsInt(dueFromStart), elapsed, outcome);
    if (!outcome.isRight()) {
      tally.onComplaint(dueFromStart, call + ": " + outcome.detail());
    }
    if (startNanos == NOT_STARTED) {
      later(this::sendAnotherWhileCold, WARMERS * nextGapNanos());
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
