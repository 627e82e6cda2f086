package io.fairlead.routing.sim.result;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in each bucket of 100 ms of a play, warm-up included.
 *
 * <p>Thread-safety: immutable once the play is over. Ownership: takes over its arrays.
 */
public final class Timeline {
  /** The length of a bucket. */
  public static final long BUCKET_NANOS = 100_000_000L;

  /** No upstream, no bucket. */
  public static final Timeline EMPTY =
      new Timeline(List.of(), new Calls(new int[0], new int[0], new int[0], new float[0]), none());

  /**
   * Calls by bucket.
   *
   * @param arrived that arrived
   * @param answered that were answered well
   * @param lost that were lost or got an error that was not their doing
   * @param p99Millis p99 of those that ended; NaN when none did
   */
  @SuppressWarnings("ArrayRecordComponent") // primitive rows, owned by the timeline
  public record Calls(int[] arrived, int[] answered, int[] lost, float[] p99Millis) {}

  /**
   * Attempts by bucket; those of upstreams are at {@code bucket x upstreams + upstream}.
   *
   * @param picks first attempts to an upstream
   * @param inFlight the mean in flight at an upstream
   * @param peak the most in flight at an upstream
   * @param targetShare the targets' share, at {@code bucket x (classes + 1) + class}; last of all
   *     classes together
   */
  @SuppressWarnings("ArrayRecordComponent") // primitive rows, owned by the timeline
  public record Attempts(int[] picks, float[] inFlight, int[] peak, float[] targetShare) {}

  private final List<UpstreamSpec> upstreams;
  private final Calls calls;
  private final Attempts attempts;

  /**
   * The rows of a play.
   *
   * @param upstreams of the world
   * @param calls calls by bucket
   * @param attempts attempts by bucket
   */
  public Timeline(List<UpstreamSpec> upstreams, Calls calls, Attempts attempts) {
    this.upstreams = List.copyOf(upstreams);
    this.calls = calls;
    this.attempts = attempts;
  }

  private static Attempts none() {
    return new Attempts(new int[0], new float[0], new int[0], new float[0]);
  }

  /**
   * How many buckets there are.
   *
   * @return 0 or more
   */
  public int size() {
    return calls.arrived().length;
  }

  /**
   * The upstreams of the world.
   *
   * @return in their order
   */
  public List<UpstreamSpec> upstreams() {
    return upstreams;
  }

  /**
   * Calls that arrived in a bucket.
   *
   * @param bucket which
   * @return 0 or more
   */
  public int arrived(int bucket) {
    return calls.arrived()[bucket];
  }

  /**
   * Calls that were answered well in a bucket.
   *
   * @param bucket which
   * @return 0 or more
   */
  public int answered(int bucket) {
    return calls.answered()[bucket];
  }

  /**
   * Calls that were lost, or got an error that was not their doing, in a bucket.
   *
   * @param bucket which
   * @return 0 or more
   */
  public int lost(int bucket) {
    return calls.lost()[bucket];
  }

  /**
   * The p99 of calls that ended in a bucket.
   *
   * @param bucket which
   * @return in milliseconds; NaN when none ended
   */
  public double p99Millis(int bucket) {
    return calls.p99Millis()[bucket];
  }

  /**
   * First attempts to an upstream in a bucket.
   *
   * @param bucket which
   * @param upstream its index
   * @return 0 or more
   */
  public int picks(int bucket, int upstream) {
    return attempts.picks()[bucket * upstreams.size() + upstream];
  }

  /**
   * The mean number of attempts in flight at an upstream in a bucket, over all gateways.
   *
   * @param bucket which
   * @param upstream its index
   * @return 0 or more
   */
  public double inFlight(int bucket, int upstream) {
    return attempts.inFlight()[bucket * upstreams.size() + upstream];
  }

  /**
   * The most attempts in flight at an upstream in a bucket, over all gateways.
   *
   * @param bucket which
   * @param upstream its index
   * @return 0 or more
   */
  public int peakInFlight(int bucket, int upstream) {
    return attempts.peak()[bucket * upstreams.size() + upstream];
  }

  /**
   * The share of the upstreams that faults befall: as the gateways tell it, or where they cannot,
   * as measured in windows of forty first attempts or more.
   *
   * @param bucket which
   * @param methodClass of which class; null for all calls together
   * @return 0 to 1 at the end of the bucket; NaN without faults or before a first window is full
   */
  public double targetShare(int bucket, @Nullable MethodClass methodClass) {
    int classes = MethodClass.ALL.size();
    int column = methodClass == null ? classes : methodClass.index();
    return attempts.targetShare()[bucket * (classes + 1) + column];
  }

  /**
   * The part of first attempts that went to a failure domain.
   *
   * @param domain which
   * @param from the first bucket
   * @param until the bucket after the last
   * @return 0 to 1; NaN when there were none
   */
  public double share(FailureDomain domain, int from, int until) {
    long inside = 0;
    long all = 0;
    for (int u = 0; u < upstreams.size(); u++) {
      boolean isMember = upstreams.get(u).domains().contains(domain);
      for (int b = from; b < until; b++) {
        all += picks(b, u);
        inside += isMember ? picks(b, u) : 0;
      }
    }
    return all == 0 ? Double.NaN : (double) inside / all;
  }
}
