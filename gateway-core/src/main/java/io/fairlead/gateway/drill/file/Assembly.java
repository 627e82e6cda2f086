package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.Problem;
import io.fairlead.gateway.config.RoutingConfig;
import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.gateway.config.yaml.Findings;
import io.fairlead.gateway.config.yaml.Spelling;
import io.fairlead.gateway.drill.judge.Bar;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Brings the parts of one scenario file together, and finds where they do not fit. */
final class Assembly {
  private final DrillKeys.Draft draft;
  private final Place place;
  private final DrillLoader loader;

  /** The file, the folder that paths in it are relative to, and its text. */
  record Place(Path file, Path folder, String text) {}

  /** Upstreams, and how the gateway in front of them is configured. */
  private record Ground(World world, RoutingConfig routing) {}

  Assembly(DrillKeys.Draft draft, Place place, DrillLoader loader) {
    this.draft = draft;
    this.place = place;
    this.loader = loader;
  }

  /** The scenario; empty, or not to be used, after a finding. */
  Optional<DrillFile> assemble(Findings findings) {
    checkRivals();
    Optional<Ground> ground = ground(findings);
    if (ground.isEmpty()) {
      return Optional.empty();
    }
    Timeline timeline =
        new Timeline(ground.get().world(), draft.play().span().durationNanos(), draft.events());
    List<Fault> faults = timeline.check();
    return findings.isEmpty() ? Optional.of(file(ground.get(), faults)) : Optional.empty();
  }

  private DrillFile file(Ground ground, List<Fault> faults) {
    DrillKeys.Span span = draft.play().span();
    Play play =
        new Play(
            span.durationNanos(),
            span.measureFromNanos(),
            span.timeoutNanos(),
            draft.play().gateways(),
            ConfiguredWorld.settings(ground.routing()));
    Load load = draft.load().toLoad();
    Scenario scenario = new Scenario(draft.about().name(), ground.world(), load, faults, play);
    DrillKeys.Judged judged = draft.play().judged();
    List<String> rivals = judged.rivals().stream().map(Located::value).toList();
    return new DrillFile(
        place.file(),
        new DrillFile.About(draft.about().title(), draft.about().notes(), place.text()),
        scenario,
        new DrillFile.Plan(draft.play().seeds(), rivals),
        judged.bars().stream().map(Located::value).toList());
  }

  private Optional<Ground> ground(Findings findings) {
    DrillKeys.Source source = draft.world();
    if (source.config().isPresent() && source.topology().isEmpty()) {
      return configured(source.config().get()).flatMap(this::ground);
    }
    RoutingConfig routing = source.routing().orElse(RoutingConfig.DEFAULT);
    return source
        .topology()
        .filter(topology -> findings.isEmpty())
        .map(t -> new Ground(new World(t.upstreams(), t.blockTimeNanos()), routing));
  }

  private Optional<FairleadConfig> configured(Located<Path> config) {
    ConfigResult result =
        ConfigLoader.load(place.folder().resolve(config.value()), loader.environment());
    if (result instanceof ConfigResult.Loaded loaded) {
      return Optional.of(loaded.config());
    }
    List<Problem> problems = ((ConfigResult.Refused) result).problems();
    String more = problems.size() == 1 ? "" : " and " + (problems.size() - 1) + " more";
    config.refuse("", problems.get(0) + more, "a good configuration; see fairlead check");
    return Optional.empty();
  }

  private Optional<Ground> ground(FairleadConfig config) {
    return chain(config)
        .map(
            chain -> {
              checkAssumptions(chain.upstreams());
              RoutingConfig routing = draft.world().routing().orElse(config.routing());
              return new Ground(
                  ConfiguredWorld.of(chain, draft.world().assumptions().value()), routing);
            });
  }

  private Optional<ChainConfig> chain(FairleadConfig config) {
    String known = String.join(", ", config.chains().keySet());
    Optional<Located<String>> wanted = draft.world().chain();
    if (wanted.isPresent()) {
      Located<String> name = wanted.get();
      Optional<ChainConfig> chain = Optional.ofNullable(config.chains().get(name.value()));
      if (chain.isEmpty()) {
        String hint = Spelling.hint(name.value(), config.chains().keySet());
        name.refuse("", name.value() + " is not in the configuration", known + hint);
      }
      return chain;
    }
    if (config.chains().size() > 1) {
      String rule = "one chain, or chain: one of " + known;
      draft.world().config().ifPresent(c -> c.refuse("", "it has several chains", rule));
      return Optional.empty();
    }
    return config.chains().values().stream().findFirst();
  }

  private void checkAssumptions(List<UpstreamConfig> upstreams) {
    Located<Assumptions> assumptions = draft.world().assumptions();
    TreeSet<String> unknown = Assumptions.unknown(assumptions.value().rttNanos(), upstreams);
    if (!unknown.isEmpty()) {
      String rule = "an upstream's id, a failure domain or a kind of the configuration";
      assumptions.refuse("rtt", "nobody is " + String.join(", ", unknown), rule);
    }
  }

  private void checkRivals() {
    for (Located<String> rival : draft.play().judged().rivals()) {
      checkRival(rival.value(), rival, "");
    }
    for (Located<Bar> bar : draft.play().judged().bars()) {
      bar.value().versus().ifPresent(versus -> checkVersus(versus, bar));
    }
  }

  private void checkVersus(String versus, Located<Bar> bar) {
    if (versus.endsWith(".yaml")) {
      if (!Files.isRegularFile(place.folder().resolve(versus))) {
        bar.refuse("versus", versus + " does not exist", "a scenario file beside this one");
      }
    } else if (!versus.equals(Bar.NO_HEDGE)) {
      checkRival(versus, bar, "versus");
    }
  }

  private void checkRival(String name, Located<?> place, String key) {
    if (!loader.baselines().contains(name)) {
      String hint = Spelling.hint(name, loader.baselines());
      place.refuse(key, name, "one of " + String.join(", ", loader.baselines()) + hint);
    }
  }
}
