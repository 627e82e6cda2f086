package io.fairlead.jmh;

import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.metrics.BuildFacts;
import io.fairlead.gateway.metrics.ChainMetrics;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.metrics.UpstreamMetrics;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.table.RoutingTable;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What counting costs a call and what a scrape costs, with 60 upstreams. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MetricsBenchmark {
  private static final long LATENCY_NANOS = 23_000_000;

  private final RoutingTable table = new Fleet(60).tick();
  private final GatewayMetrics metrics =
      new GatewayMetrics(new BuildFacts("0", "none", 1), () -> List.of(table));
  private final ChainMetrics calls = metrics.chain(table.chain());
  private final UpstreamMetrics attempts = metrics.upstream(table.upstream(0));

  /** A call with one attempt. */
  @Benchmark
  public void callWithOneAttempt() {
    attempts.onAttempt(MethodClass.READ, AttemptResult.SUCCESS, LATENCY_NANOS);
    calls.onCall(MethodClass.READ, CallOutcome.OK, LATENCY_NANOS);
  }

  /**
   * All metrics as a scraper gets them.
   *
   * @throws IOException never
   */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public void scrape() throws IOException {
    metrics.write(GatewayMetrics.contentType(null), Writer.nullWriter());
  }
}
