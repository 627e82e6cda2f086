package io.fairlead.gateway.app;

import io.fairlead.gateway.admin.AdminAccess;
import io.fairlead.gateway.admin.AdminPort;
import io.fairlead.gateway.admission.AdmissionPolicy;
import io.fairlead.gateway.config.ClientLimits;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.ListenAddress;
import io.fairlead.gateway.control.ControlLoop;
import io.fairlead.gateway.control.EventLog;
import io.fairlead.gateway.control.OverrideStore;
import io.fairlead.gateway.control.RoutingControl;
import io.fairlead.gateway.control.Steering;
import io.fairlead.gateway.metrics.LoopWatch;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.MonotonicClock;
import io.fairlead.gateway.net.WallClock;
import io.fairlead.gateway.ops.OpsServer;
import io.fairlead.gateway.rpc.RpcServer;
import io.fairlead.gateway.websocket.WebSockets;
import io.fairlead.routing.table.RoutingTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: the engine and the ports that lead to it.
 *
 * <p>Thread-safety: safe; {@link #start}, {@link #shutdown} and {@link #close} wait and so must not
 * run on an event loop or the control thread.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Closing opened;
  private final ControlLoop control;
  private final EventLog events;
  private final TlsDesk tls;
  private final Engine engine;
  private final Steering steering;
  private final Readiness readiness;
  private final RpcServer rpc;
  private final AdminPort admin;
  private final OpsServer ops;
  private final InetSocketAddress adminAddress;
  private volatile long tickedAtNanos;

  private Gateway(Closing opened, FairleadConfig config, GatewayOptions options)
      throws IOException {
    this.opened = opened;
    WallClock time = new WallClock();
    control = opened.add(new ControlLoop(new MonotonicClock()));
    events = new EventLog(EventLog.DEFAULT_CAPACITY, time);
    tls = opened.add(TlsDesk.open(config.listen().encryption(), time));
    engine = opened.add(new Engine(config, new Engine.Around(options, tls), control, events));
    engine.metrics().exportCertificates(tls::states);
    OverrideStore overrides = OverrideStore.open(config.services().stateDir(), time);
    steering = new Steering(control, overrides, events, engine, Version.current());
    admin =
        opened.add(
            AdminPort.open(
                new AdminAccess(config.listen().admin(), config.admin(), tls.admin()), steering));
    onControl(steering::start);
    rpc = opened.add(bindRpc(config));
    onControl(engine::startProbing);
    readiness = new Readiness(engine::tables, this::onReadiness);
    LoopWatch watch = opened.add(LoopWatch.start(engine.data().loops(), engine.metrics(), control));
    EventLoops opsLoops =
        opened.add(new EventLoops(engine.data().loops().transport(), 1, "fairlead-ops"));
    ops =
        opened.add(
            OpsServer.start(
                opsLoops,
                addressOf(config.listen().ops()),
                new GatewayView(
                    steering, () -> watch.areTurning() && isDeciding(), readiness::isDraining),
                engine.metrics()));
    onControl(() -> control.startTicking(this::tick, TICK_NANOS));
    tls.start(engine::tell);
    adminAddress = admin.awaitOpen();
  }

  /**
   * Starts a gateway: its ports are open when this returns, and {@link #ready} tells when it can
   * serve.
   *
   * @param config what to serve; checked already
   * @param options where it came from
   * @return the running gateway, to be ended by {@link #shutdown} or {@link #close}
   * @throws IOException if a port or the state directory cannot be had; the message says which
   */
  public static Gateway start(FairleadConfig config, GatewayOptions options) throws IOException {
    Closing opened = new Closing();
    try {
      Gateway gateway = new Gateway(opened, config, options);
      LOG.info(
          "rpc on {}, admin on {}, ops on {}, transport {} with {} event loops",
          shown(gateway.rpcAddress()),
          gateway.adminAddress(),
          gateway.opsAddress(),
          gateway.engine.data().loops().transport().label(),
          gateway.engine.data().loops().size());
      return gateway;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private RpcServer bindRpc(FairleadConfig config) throws IOException {
    return RpcServer.bind(
        engine.data().loops(),
        addressOf(config.listen().rpc()),
        new RpcServer.Backing(
            engine.data().contexts(),
            engine::plan,
            engine.metrics().server(),
            WebSockets.Backing.jsonRpc(
                engine::plan, engine.stories(), engine.metrics().webSockets())),
        new RpcServer.Settings(
            config.listen().answers(),
            config.listen().proxies(),
            config.services().limits().connections().perAddress(),
            tls.rpc(),
            admission(config)));
  }

  private static AdmissionPolicy admission(FairleadConfig config) {
    ClientLimits.Connections limits = config.services().limits().connections();
    OptionalLong memory = limits.memoryBytes().stream().mapToLong(Long::longValue).findFirst();
    return new AdmissionPolicy(memory, limits.loopDelay().toNanos());
  }

  private static SocketAddress addressOf(ListenAddress listen) {
    return listen instanceof ListenAddress.Unix unix
        ? UnixDomainSocketAddress.of(unix.path())
        : addressOf((HostPort) listen);
  }

  private static InetSocketAddress addressOf(HostPort hostPort) {
    return new InetSocketAddress(hostPort.host(), hostPort.port());
  }

  private static String shown(SocketAddress address) {
    return (address instanceof UnixDomainSocketAddress ? "unix:" : "") + address;
  }

  private void onControl(Runnable task) {
    CompletableFuture.runAsync(task, control).join();
  }

  private boolean isDeciding() {
    return control.nanoTime() - tickedAtNanos < STUCK_NANOS;
  }

  private void tick() {
    tickedAtNanos = control.nanoTime();
    engine.tick();
    steering.onTick();
    readiness.look();
  }

  private void onReadiness(boolean isReady) {
    admin.setReady(isReady);
    if (isReady) {
      LOG.info("ready");
    } else {
      LOG.warn("not ready: {}", String.join("; ", readiness.problems()));
    }
  }

  /** Done when each chain has an upstream that can serve, for the first time. */
  public CompletionStage<Void> ready() {
    return readiness.first();
  }

  /** Whether each chain has an upstream that can serve and nothing is shutting down. */
  public boolean isReady() {
    return readiness.isReady();
  }

  /** Where clients are served: an internet address or a Unix domain socket's. */
  public SocketAddress rpcAddress() {
    return rpc.address();
  }

  /** Where operators steer. */
  public InetSocketAddress adminAddress() {
    return adminAddress;
  }

  /** Where metrics, health and the status page are. */
  public InetSocketAddress opsAddress() {
    return ops.address();
  }

  /** The routing table of each chain now, by the chain's name. */
  public Map<String, RoutingTable> tables() {
    Map<String, RoutingTable> tables = new LinkedHashMap<>();
    engine.tables().forEach(table -> tables.put(table.chain(), table));
    return tables;
  }

  /** Why traffic moved. */
  public EventLog events() {
    return events;
  }

  /** What operators can see and do. */
  public RoutingControl routing() {
    return steering;
  }

  /**
   * Ends the gateway in good order: no longer ready, no new connections, calls under way finish.
   *
   * @param grace how long calls may take to finish
   */
  public void shutdown(Duration grace) {
    readiness.drain();
    rpc.drain();
    long end = control.nanoTime() + grace.toNanos();
    while (rpc.openConnections() > 0 && control.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    int left = rpc.openConnections();
    if (left > 0) {
      LOG.warn("{} connections were still busy after {} s", left, grace.toSeconds());
    }
    close();
  }

  @Override
  public void close() {
    opened.close();
  }
}
