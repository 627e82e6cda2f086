package io.fairlead.routing.sim;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.sim.baseline.Baselines;
import io.fairlead.routing.sim.policy.FairleadGateway;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.policy.Oracle;
import io.fairlead.routing.sim.result.Estimate;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Quantile;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Summary;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.Scenario;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * Plays judged scenarios from the command line and prints their figures; not a test.
 *
 * <p>Arguments: {@code NAME[,NAME...]|all [SEEDS [fairlead|oracle|BASELINE]]}, names as in {@link
 * JudgedScenarios}. With one seed it also prints every event of the router. After {@code mvn -pl
 * routing test-compile}:
 *
 * <pre>java -cp routing/target/classes:routing/target/test-classes:HDR.jar:JSPECIFY.jar \
 *     io.fairlead.routing.sim.SimBench S3,S4 20</pre>
 */
final class SimBench {
  private final PrintStream out;
  private final LongSupplier cpuNanos;

  private SimBench(PrintStream out, LongSupplier cpuNanos) {
    this.out = out;
    this.cpuNanos = cpuNanos;
  }

  /** Plays what the arguments say. */
  public static void main(String[] args) throws Exception {
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out),
            true,
            java.nio.charset.StandardCharsets.UTF_8);
    LongSupplier cpu =
        () -> ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    SimBench bench = new SimBench(out, cpu);
    int seeds = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    for (Scenario scenario : JudgedScenarios.named(args.length > 0 ? args[0] : "all")) {
      bench.play(scenario, args.length > 2 ? args[2] : "fairlead", seeds);
    }
  }

  private GatewayUnderTest.Factory fairlead(boolean isTold) {
    FairleadGateway.Listener listener = isTold ? this::print : FairleadGateway.Listener.NONE;
    return FairleadGateway.factory(Optional.empty(), listener);
  }

  private void play(Scenario scenario, String name, int seeds) {
    GatewayUnderTest.Factory policy =
        Baselines.named(name)
            .orElseGet(() -> name.equals("oracle") ? Oracle.factory() : fairlead(seeds == 1));
    long before = cpuNanos.getAsLong();
    Summary summary;
    if (seeds == 1) {
      Result result = Simulator.play(scenario, policy, 1);
      summary = new Summary(List.of(result));
    } else {
      ExecutorService executor = Executors.newFixedThreadPool(2, Executors.defaultThreadFactory());
      List<Long> all = LongStream.rangeClosed(1, seeds).boxed().toList();
      summary = Simulator.playAll(scenario, policy, all, executor);
      executor.shutdown();
    }
    double calls = summary.results().stream().mapToDouble(r -> r.get(Metric.CALLS)).sum();
    double cpu = (cpuNanos.getAsLong() - before) / 1e3;
    line(
        "%s: %d seeds, %.0f calls measured, %.2f us CPU a call",
        scenario.name(), seeds, calls, cpu / calls);
    for (Metric metric : Metric.values()) {
      print(metric.name().toLowerCase(Locale.ROOT) + " " + metric.unit(), summary.get(metric));
    }
    CapacityFigures.of(summary.results()).forEach(this::print);
    for (Window window : Window.values()) {
      List<String> cells = new ArrayList<>();
      for (MethodClass c : MethodClass.ALL) {
        if (summary.latency(c, window, Quantile.P50).runs() > 0) {
          cells.add(
              String.format(
                  Locale.ROOT,
                  "%s %.1f/%.1f/%.1f/%.1f",
                  c.label(),
                  summary.latency(c, window, Quantile.P50).median(),
                  summary.latency(c, window, Quantile.P95).median(),
                  summary.latency(c, window, Quantile.P99).median(),
                  summary.latency(c, window, Quantile.P999).median()));
        }
      }
      line("  p50/95/99/99.9 %-13s %s", window, String.join("  ", cells));
    }
  }

  private void print(long atNanos, RoutingEvent e) {
    line("  %9.3f s  %-16s %-20s %s", atNanos / 1e9, e.kind(), e.subject(), e.reason());
  }

  private void print(String name, Estimate e) {
    if (e.runs() > 0) {
      line("  %-32s %10.3f  [%.3f, %.3f]", name, e.median(), e.low(), e.high());
    }
  }

  private void line(String format, Object... args) {
    out.println(String.format(Locale.ROOT, format, args));
  }
}
