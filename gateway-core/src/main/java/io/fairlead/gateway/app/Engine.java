package io.fairlead.gateway.app;

import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.Problem;
import io.fairlead.gateway.control.ChainSubscriptions;
import io.fairlead.gateway.control.ControlException;
import io.fairlead.gateway.control.ControlLoop;
import io.fairlead.gateway.control.EventLog;
import io.fairlead.gateway.control.Fleet;
import io.fairlead.gateway.control.KnownGap;
import io.fairlead.gateway.control.Signature;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.metrics.BuildFacts;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.upstream.RttListener;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.Intent;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.table.RoutingTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control side and data side of the gateway under the configuration in force, without the ports
 * that lead to them.
 *
 * <p>Thread-safety: safe, with the limits that {@link Fleet} states.
 */
final class Engine implements Fleet, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final Around around;
  private final EventLog events;
  private final ControlLoop control;
  private final UpstreamDirectory directory = new UpstreamDirectory();
  private final DataPlane data;
  private final GatewayMetrics metrics;
  private final ChainFleet fleet;
  private final TransactionDesk desk;
  private final StoryDesk stories;
  private final Serving serving;
  private volatile FairleadConfig config;
  private volatile ServingPlan plan;

  /**
   * What a reload needs besides the engine.
   *
   * @param options where the configuration comes from
   * @param tls the certificates of the listening ports
   */
  record Around(GatewayOptions options, TlsDesk tls) {}

  Engine(FairleadConfig config, Around around, ControlLoop control, EventLog events)
      throws IOException {
    this.around = around;
    this.events = events;
    this.control = control;
    this.config = config;
    SplittableRandom random = new SplittableRandom(control.nanoTime());
    MethodSpecs methods = MethodSpecs.evm();
    AnswerClassifier answers = AnswerClassifier.evm();
    data = new DataPlane(config.listen().loops(), answers, directory, this::onRtt, random.split());
    metrics =
        new GatewayMetrics(
            new BuildFacts(
                Version.current(), data.loops().transport().label(), data.loops().size()),
            this::tables);
    metrics.exportDirectMemory(data::directBytes, data::heldBytes);
    ChainFleet.Reports reports = new ChainFleet.Reports(this::tell, metrics);
    fleet = new ChainFleet(control, random.split(), reports, data::home);
    metrics.exportGaps(fleet.gaps());
    desk = new TransactionDesk(control, metrics);
    openDesk(config, random.split());
    stories = new StoryDesk(data, metrics, random.split());
    metrics.exportSubscriptions(stories::counts);
    serving =
        new Serving(
            methods,
            metrics,
            data.loops().all(),
            control.doorbell(),
            new Serving.Desks(desk, stories));
    plan = CompletableFuture.supplyAsync(() -> install(config), control).join();
  }

  private void openDesk(FairleadConfig first, SplittableRandom random) throws IOException {
    try {
      desk.open(first, data, random);
    } catch (IOException e) {
      data.close();
      throw e;
    }
  }

  /**
   * Puts a configuration into force, up to the connections; nothing new is probed yet. Whoever a
   * routing table names can be asked at every moment: new upstreams before, old ones until the
   * tables have changed.
   */
  private ServingPlan install(FairleadConfig next) {
    fleet.configure(next);
    List<UpstreamDirectory.Entry> entries = serving.directory(next, fleet);
    directory.publishBeside(entries);
    data.apply(directory.pools());
    fleet.publish();
    directory.publish(entries);
    data.apply(directory.pools());
    return serving.plan(next, fleet);
  }

  /** Begins to look at the upstreams. Control thread only. */
  void startProbing() {
    fleet.probe(config);
  }

  /** Weighs the evidence of all chains. Control thread only. */
  void tick() {
    fleet.tick();
    stories.tick(fleet);
  }

  private void onRtt(int slot, RttListener.Source source, long rttNanos) {
    UpstreamDirectory.Entry entry = directory.at(slot);
    if (entry != null) {
      Upstream upstream = entry.upstream();
      control.execute(() -> fleet.onRtt(upstream, rttNanos));
    }
  }

  StoryDesk stories() {
    return stories;
  }

  GatewayMetrics metrics() {
    return metrics;
  }

  DataPlane data() {
    return data;
  }

  ServingPlan plan() {
    return plan;
  }

  FairleadConfig config() {
    return config;
  }

  @Override
  public List<RoutingTable> tables() {
    return fleet.tables();
  }

  @Override
  public void applyIntents(List<Intent> intents, Signature ended) {
    fleet.applyIntents(intents, ended);
  }

  @Override
  public List<LatencyRow> latency() {
    return fleet.latency();
  }

  @Override
  public List<KnownGap> gaps(Upstream upstream) {
    return fleet.known(upstream);
  }

  @Override
  public CompletionStage<List<ChainSubscriptions>> subscriptions(int most) {
    return stories.list(most);
  }

  @Override
  public List<String> reload() throws ControlException {
    Path file =
        around
            .options()
            .configFile()
            .orElseThrow(
                () ->
                    new ControlException(
                        ControlException.Kind.PRECONDITION,
                        "the gateway was started without a configuration file"));
    ConfigResult result = ConfigLoader.load(file, around.options().environment());
    if (result instanceof ConfigResult.Loaded loaded) {
      loaded.warnings().forEach(warning -> LOG.warn("{}", warning));
      return reload(loaded.config());
    }
    throw new ControlException(
        ControlException.Kind.PRECONDITION,
        ((ConfigResult.Refused) result)
            .problems().stream().map(Problem::toString).collect(Collectors.joining("\n")));
  }

  /** Puts another configuration into force; calls under way go on by the old one. */
  private List<String> reload(FairleadConfig next) throws ControlException {
    List<String> changes = ConfigChanges.between(config, next);
    changes.addAll(reloadTls(next));
    try {
      desk.open(next, data, new SplittableRandom(control.nanoTime()));
      CompletableFuture.runAsync(
              () -> {
                plan = install(next);
                config = next;
                fleet.probe(next);
                metrics.retainUpstreams(fleet.upstreams());
              },
              control)
          .join();
    } catch (CompletionException | IOException e) {
      throw new ControlException(
          ControlException.Kind.UNABLE,
          "the configuration could not be put into force: " + e.getMessage(),
          e);
    }
    return changes;
  }

  private List<String> reloadTls(FairleadConfig next) throws ControlException {
    try {
      return around.tls().reload(next.listen().encryption());
    } catch (IOException e) {
      throw new ControlException(
          ControlException.Kind.PRECONDITION, String.valueOf(e.getMessage()), e);
    }
  }

  /** Writes an event down. */
  void tell(RoutingEvent event) {
    events.append(event);
    metrics.onEvent(event);
  }

  @Override
  public void close() {
    CompletableFuture.runAsync(fleet::stop, control).join();
    CompletableFuture.runAsync(desk::stop, control).join();
    stories.stop();
    data.close();
    desk.close();
  }
}
