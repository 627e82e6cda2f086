package io.fairlead.gateway.cli;

import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.drill.file.DrillFile;
import io.fairlead.gateway.drill.file.DrillLoader;
import io.fairlead.gateway.drill.file.DrillResult;
import io.fairlead.gateway.drill.file.ScenarioFolder;
import io.fairlead.gateway.drill.file.UsualLoad;
import io.fairlead.gateway.drill.play.Contest;
import io.fairlead.gateway.drill.play.Contestants;
import io.fairlead.gateway.drill.play.Drill;
import io.fairlead.gateway.drill.play.Drill.Outcome;
import io.fairlead.gateway.drill.play.WhatIf;
import io.fairlead.gateway.drill.report.HtmlReport;
import io.fairlead.gateway.drill.report.ResultsDocument;
import io.fairlead.gateway.drill.report.TextReport;
import io.fairlead.gateway.drill.report.WhatIfReport;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.RatePoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plays failure scenarios in virtual time and says what users would have seen. */
@Command(
    name = "drill",
    description = {
      "Plays a failure scenario in virtual time against the production policy and reports what"
          + " users would have seen. docs/drill.md describes the file.",
      "Exit status 1 if the file is refused; each problem is a line FILE:LINE:COLUMN: message."
    })
final class DrillCommand implements Callable<Integer> {
  private static final int USUAL_SEEDS = 5;
  private static final int MOST_SEEDS = 100_000;
  private static final int MOST_RATE = 100_000;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Scenario files, or their folder.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--compare",
      description = "Plays the file's baselines too, all of them if it names none.")
  private boolean isCompared;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      arity = "1..*",
      description = "Plays these too: a baseline's name, or no-hedge.")
  private List<String> policies = new ArrayList<>();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = {
        "How often, each time with other random numbers (default: 5; with --results what each file"
            + " says)."
      })
  private @Nullable Integer seeds;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Writes a page with plots that opens without a network.")
  private @Nullable Path report;

  @Option(
      names = "--results",
      paramLabel = "FILE.md",
      description = {
        "Plays all files, by default those in the folder scenarios beside it, against their"
            + " baselines, and writes what was reached."
      })
  private @Nullable Path results;

  @Option(
      names = "--live",
      description = {
        "Plays in real time instead: the gateway before nodes on loopback ports. --seeds says how"
            + " often (default: once). Exit status 1 if a client saw an error or a wrong answer."
      })
  private boolean isLive;

  @Option(
      names = "--what-if",
      paramLabel = "TARGET",
      description = {
        "With -c: what users would see if cloud:aws, region:aws/us-east-1, another failure domain"
            + " or an upstream fell silent."
      })
  private @Nullable String whatIf;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "With --what-if: the gateway's configuration.")
  private @Nullable Path config;

  @Option(
      names = "--chain",
      paramLabel = "NAME",
      description = "With --what-if: which chain, if there are several.")
  private @Nullable String chain;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "With --what-if: calls per second (default: 100).")
  private double rate = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  DrillCommand() {}

  @Override
  public Integer call() {
    checkUsage();
    if (isLive) {
      return playLive(load(ScenarioFolder.expand(files)));
    }
    if (whatIf != null && config != null) {
      out().print(answer(Target.parse(whatIf), loadConfig(config)));
    } else if (results != null) {
      writeResults(results);
    } else {
      List<DrillFile> drills = load(ScenarioFolder.expand(files));
      drills.forEach(this::play);
    }
    return 0;
  }

  private void play(DrillFile drill) {
    int times = Optional.ofNullable(seeds).orElse(USUAL_SEEDS);
    Outcome outcome = played(runner -> runner.play(drill, contestants(drill), times));
    out().print(TextReport.of(outcome));
    if (report != null) {
      write(report, HtmlReport.of(outcome));
      out().println("\nreport: " + report.toAbsolutePath());
    }
  }

  private int playLive(List<DrillFile> drills) {
    drills.forEach(LivePlays::check);
    int times = Optional.ofNullable(seeds).orElse(1);
    LogSetup.atLeast(LogLevel.WARN);
    LivePlays plays = new LivePlays(out(), spec.commandLine().getErr());
    drills.forEach(drill -> plays.play(drill, times));
    if (results != null) {
      String named = String.join(" ", files.stream().map(Path::toString).toList());
      String command = "./fairlead drill --live " + named + " --seeds " + times;
      write(results, plays.document(command + " --results " + results));
      out().println("results: " + results.toAbsolutePath());
    }
    return plays.isLossless() ? 0 : 1;
  }

  private void writeResults(Path document) {
    Path folder = document.toAbsolutePath().resolveSibling("scenarios");
    List<DrillFile> drills = load(ScenarioFolder.expand(files.isEmpty() ? List.of(folder) : files));
    isCompared = true;
    List<Outcome> outcomes =
        played(
            runner ->
                drills.stream()
                    .map(d -> runner.play(d, judged(d), seeds == null ? d.plan().seeds() : seeds))
                    .toList());
    String option = seeds == null ? "" : " --seeds " + seeds;
    String command = "./fairlead drill --results docs/" + document.getFileName() + option;
    write(document, ResultsDocument.of(outcomes, command));
    outcomes.forEach(outcome -> out().println(TextReport.verdicts(outcome)));
    out().println("results: " + document.toAbsolutePath());
  }

  private static List<String> judged(DrillFile drill) {
    List<String> names = new ArrayList<>(List.of(Contestants.FAIRLEAD));
    names.addAll(drill.plan().against());
    return names;
  }

  private String answer(Target target, FairleadConfig loaded) {
    ChainConfig asked = chain(loaded);
    Load load = new Load(List.of(new RatePoint(0, rate)), UsualLoad.CLASSES, 0);
    return new WhatIf(loaded, asked, load)
        .ask(target)
        .map(answer -> WhatIfReport.of(answer, rate))
        .orElseThrow(
            () ->
                new CommandFailure(
                    target
                        + " is no upstream and no failure domain of chain "
                        + asked.name()
                        + "; see "
                        + config));
  }

  private ChainConfig chain(FairleadConfig loaded) {
    String known = String.join(", ", loaded.chains().keySet());
    if (chain == null && loaded.chains().size() > 1) {
      throw new CommandFailure("several chains; name one with --chain: " + known);
    }
    return loaded.chains().values().stream()
        .filter(c -> chain == null || c.name().equals(chain))
        .findFirst()
        .orElseThrow(() -> new CommandFailure(chain + " is no chain of it; known: " + known));
  }

  private FairleadConfig loadConfig(Path path) {
    ConfigResult result = ConfigLoader.load(path, System.getenv());
    if (result instanceof ConfigResult.Loaded loaded) {
      return loaded.config();
    }
    ((ConfigResult.Refused) result).problems().forEach(out()::println);
    throw new CommandFailure(path + " is refused; docs/configuration.md describes every key");
  }

  private void checkUsage() {
    if ((whatIf == null) != (config == null)) {
      refuse("--what-if and -c belong together");
    }
    if (isLive && (isCompared || !policies.isEmpty() || report != null || whatIf != null)) {
      refuse(
          "--live plays production alone (expected: without --compare, --policy, --report and"
              + " --what-if)");
    }
    if (whatIf == null && (results == null || isLive) && files.isEmpty()) {
      refuse("Missing required parameter: 'FILE'");
    }
    if (report != null && (files.size() != 1 || Files.isDirectory(files.get(0)))) {
      refuse("--report: several files (expected: one)");
    }
    if (seeds != null && (seeds < 1 || seeds > MOST_SEEDS)) {
      refuse("--seeds: " + seeds + " (expected: 1 to " + MOST_SEEDS + ")");
    }
    if (!(rate > 0 && rate <= MOST_RATE)) {
      refuse("--rate: " + rate + " (expected: more than 0, at most " + MOST_RATE + ")");
    }
    policies.stream()
        .filter(policy -> Contestants.named(policy).isEmpty())
        .forEach(policy -> refuse("--policy: " + policy + " (expected: one of " + known() + ")"));
  }

  private static String known() {
    return String.join(", ", Contestants.baselines());
  }

  private void refuse(String reason) {
    throw new ParameterException(spec.commandLine(), reason);
  }

  private List<String> contestants(DrillFile drill) {
    Set<String> names = new LinkedHashSet<>();
    names.add(Contestants.FAIRLEAD);
    names.addAll(policies);
    if (isCompared) {
      List<String> against = drill.plan().against();
      names.addAll(against.isEmpty() ? Contestants.baselines() : against);
    }
    return List.copyOf(names);
  }

  /** All files, or a failure after every problem of every file was printed. */
  private List<DrillFile> load(List<Path> paths) {
    List<DrillFile> loaded = new ArrayList<>();
    List<Path> refused = new ArrayList<>();
    for (Path path : paths) {
      DrillResult result = loader().load(path);
      if (result instanceof DrillResult.Loaded good) {
        loaded.add(good.file());
      } else {
        ((DrillResult.Refused) result).problems().forEach(out()::println);
        refused.add(path);
      }
    }
    if (!refused.isEmpty()) {
      String which = String.join(", ", refused.stream().map(Path::toString).toList());
      throw new CommandFailure(which + " refused; docs/drill.md describes every key");
    }
    return loaded;
  }

  private static DrillLoader loader() {
    return new DrillLoader(Contestants.baselines(), System.getenv());
  }

  private <T> T played(Function<Drill, T> action) {
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService executor =
        Executors.newFixedThreadPool(threads, Executors.defaultThreadFactory());
    try {
      return action.apply(new Drill(new Contest(executor), loader(), this::tell));
    } finally {
      executor.shutdownNow();
    }
  }

  private void tell(String progress) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(progress);
    err.flush();
  }

  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new CommandFailure(path + " cannot be written; name another file", e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
