package io.fairlead.gateway.metrics;

import io.fairlead.gateway.cache.AnswerStore;
import io.fairlead.gateway.stream.StreamObserver;
import io.fairlead.gateway.transaction.TransactionObserver;
import io.fairlead.gateway.websocket.WebSocketObserver;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.table.RoutingTable;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the process exports to Prometheus, in a registry of its own.
 *
 * <p>Thread-safety: safe. {@link #chain} and {@link #upstream} look up; who counts often keeps what
 * they return.
 */
public final class GatewayMetrics {
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Supplier<? extends Collection<RoutingTable>> tables;
  private final Families families;
  private final ServerMetrics server;
  private final WebSocketMetrics webSockets;
  private final RoutingEventCounters events;
  private final Map<String, ChainMetrics> chains = new ConcurrentHashMap<>();
  private final Map<String, TransactionMetrics> transactions = new ConcurrentHashMap<>();
  private final Map<String, StoryMetrics> stories = new ConcurrentHashMap<>();
  private final StreamMetrics streams;
  private final Map<UpstreamLabels, UpstreamMetrics> upstreams = new HashMap<>();

  /**
   * Metrics with nothing counted yet.
   *
   * @param facts what does not change
   * @param tables the newest table of each chain, read at each scrape on the scraper's thread
   */
  public GatewayMetrics(BuildFacts facts, Supplier<? extends Collection<RoutingTable>> tables) {
    this.tables = tables;
    families = new Families(registry);
    server = new ServerMetrics(families, registry);
    webSockets = new WebSocketMetrics(registry, server);
    streams = new StreamMetrics(families);
    events = new RoutingEventCounters(families);
    new RoutingCollector(tables).register(registry);
    DefaultExports.register(registry);
    export(facts);
  }

  private void export(BuildFacts facts) {
    Gauge.build()
        .name("fairlead_build_info")
        .help("The program.")
        .labelNames("version", "java")
        .register(registry)
        .labels(facts.version(), Runtime.version().toString())
        .set(1);
    Gauge.build()
        .name("fairlead_transport_info")
        .help("How sockets speak with the kernel.")
        .labelNames("transport", "loops")
        .register(registry)
        .labels(facts.transport(), Integer.toString(facts.loops()))
        .set(1);
  }

  /**
   * Exports what upstreams are known to lack.
   *
   * @param gaps read at each scrape on the scraper's thread
   */
  public void exportGaps(Gaps gaps) {
    new GapsCollector(tables, gaps).register(registry);
  }

  /**
   * Where the calls of a chain are counted.
   *
   * @param name the chain's name in the configuration
   * @return always the same for a name
   */
  public ChainMetrics chain(String name) {
    return chains.computeIfAbsent(name, absent -> new ChainMetrics(families, absent));
  }

  /**
   * Where the transactions of a chain are counted.
   *
   * @param name the chain's name in the configuration
   * @return always the same for a name
   */
  public TransactionObserver transactions(String name) {
    return transactions.computeIfAbsent(name, absent -> new TransactionMetrics(families, absent));
  }

  /**
   * Where the story of a chain is counted.
   *
   * @param name the chain's name in the configuration
   * @return always the same for a name
   */
  public StoryMetrics story(String name) {
    return stories.computeIfAbsent(name, absent -> new StoryMetrics(families, absent));
  }

  /** Where it is counted how upstreams are listened to. */
  public StreamObserver streams() {
    return streams;
  }

  /**
   * Exports how many subscriptions there are.
   *
   * @param byChain by chain and kind, read at each scrape on the scraper's thread
   */
  public void exportSubscriptions(Supplier<Map<String, Map<String, Long>>> byChain) {
    new SubscriptionCollector(byChain).register(registry);
  }

  /**
   * Exports how long the certificates of the listening ports last.
   *
   * @param states of the ports that speak TLS, read at each scrape on the scraper's thread
   */
  public void exportCertificates(Supplier<List<CertificateState>> states) {
    new CertificateCollector(states).register(registry);
  }

  /**
   * Exports what the outbox holds.
   *
   * @param entries how many transactions, read at each scrape
   * @param usedBytes what they take, read at each scrape
   */
  public void exportOutbox(DoubleSupplier entries, DoubleSupplier usedBytes) {
    new OutboxCollector(entries, usedBytes).register(registry);
  }

  /**
   * Where the attempts at an upstream are counted.
   *
   * @param upstream the upstream
   * @return the same for upstreams of one chain, id, cloud and region
   */
  public UpstreamMetrics upstream(Upstream upstream) {
    UpstreamLabels labels = UpstreamLabels.of(upstream);
    synchronized (upstreams) {
      return upstreams.computeIfAbsent(labels, absent -> new UpstreamMetrics(families, absent));
    }
  }

  /**
   * Drops what was counted for upstreams that are gone, after a reload.
   *
   * @param present those of the configuration in force, of all chains
   */
  public void retainUpstreams(Collection<Upstream> present) {
    Set<UpstreamLabels> kept = new HashSet<>();
    present.forEach(upstream -> kept.add(UpstreamLabels.of(upstream)));
    synchronized (upstreams) {
      upstreams
          .entrySet()
          .removeIf(
              entry -> {
                boolean isGone = !kept.contains(entry.getKey());
                if (isGone) {
                  entry.getValue().remove();
                }
                return isGone;
              });
    }
  }

  /**
   * Where connections and refusals are counted.
   *
   * @return the one for the rpc port
   */
  public ServerMetrics server() {
    return server;
  }

  /** Where WebSocket connections are counted. */
  public WebSocketObserver webSockets() {
    return webSockets;
  }

  /**
   * Counts a change of consequence in routing.
   *
   * @param event what happened
   */
  public void onEvent(RoutingEvent event) {
    events.onEvent(event);
  }

  /**
   * Exports the memory that network buffers take.
   *
   * @param reservedBytes what was taken of the system, read at each scrape
   * @param heldBytes what live buffers hold of it, read at each scrape
   */
  public void exportDirectMemory(DoubleSupplier reservedBytes, DoubleSupplier heldBytes) {
    new MemoryCollector(reservedBytes, heldBytes).register(registry);
  }

  /**
   * Exports what the kept answers take.
   *
   * @param store the present one, asked for at each scrape; null while nothing is kept
   */
  public void exportStore(Supplier<@Nullable AnswerStore> store) {
    new StoreCollector(store).register(registry);
  }

  LoopLag loopLag(int index) {
    return families.loopLagSeconds.labels(Integer.toString(index))::observe;
  }

  /** Takes how late an event loop was. */
  @FunctionalInterface
  interface LoopLag {
    void observe(double seconds);
  }

  /**
   * The format to answer a scrape in.
   *
   * @param accept the scraper's Accept header, if any
   * @return a content type for {@link #write}
   */
  public static String contentType(@Nullable String accept) {
    return TextFormat.chooseContentType(accept);
  }

  /**
   * Writes all metrics as they are now.
   *
   * @param contentType from {@link #contentType}
   * @param out where to; not closed
   * @throws IOException when it cannot be written to
   */
  public void write(String contentType, Writer out) throws IOException {
    TextFormat.writeFormat(contentType, out, new WithoutCreated(registry.metricFamilySamples()));
  }
}
