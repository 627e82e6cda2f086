package io.fairlead.jmh;

import io.fairlead.routing.control.Intent;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.table.RoutingTable;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a new table costs the control thread: at most 2 ms at 500 upstreams.
 *
 * <p>Sampled: a machine that does other things too spoils the mean, not the median.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TableRebuildBenchmark {
  /** How many upstreams the chain has. */
  @Param({"9", "60", "500"})
  public int upstreams;

  private @Nullable Fleet fleet;
  private boolean drained;
  private long version;

  /** Makes a router whose upstreams are healthy and measured. */
  @Setup
  public void makeFleet() {
    fleet = new Fleet(upstreams);
    version = fleet.tick().version();
  }

  /**
   * Weighs a sample of every upstream and takes a cloud out, or puts it back.
   *
   * @return the new table
   */
  @Benchmark
  public RoutingTable observeAndRebuild() {
    Fleet all = Objects.requireNonNull(fleet);
    drained = !drained;
    all.observe();
    all.router().setIntents(drained ? List.of(drain()) : List.of());
    RoutingTable table = all.tick();
    if (table.version() == version) {
      throw new IllegalStateException("no new table");
    }
    version = table.version();
    return table;
  }

  private static Intent drain() {
    return new Intent(
        Target.parse("cloud:cloud-0"), OptionalInt.empty(), true, "benchmark", "measured");
  }
}
