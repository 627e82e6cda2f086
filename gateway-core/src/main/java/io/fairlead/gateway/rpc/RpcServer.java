package io.fairlead.gateway.rpc;

import io.fairlead.gateway.admission.AdmissionPolicy;
import io.fairlead.gateway.admission.LoopAdmission;
import io.fairlead.gateway.admission.MemoryUse;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.config.AddressBlock;
import io.fairlead.gateway.config.ListenConfig;
import io.fairlead.gateway.metrics.RefusalReason;
import io.fairlead.gateway.metrics.ServerMetrics;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.net.Listener;
import io.fairlead.gateway.net.ProcessorTime;
import io.fairlead.gateway.net.ServerTls;
import io.fairlead.gateway.websocket.WebSockets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the rpc port and keeps track of its connections.
 *
 * <p>Thread-safety: {@link #bind}, {@link #drain} and {@link #close} may be called from any thread
 * but an event loop; the rest runs on the loops.
 */
public final class RpcServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
  private static final ByteBuf CONTINUE =
      Unpooled.unreleasableBuffer(
          Unpooled.directBuffer(32)
              .writeBytes("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

  private final Supplier<ServingPlan> plans;
  private final ServerMetrics metrics;
  private final ListenConfig.Answers answers;
  private final ClientAddress addresses;
  private final List<LoopConnections> byLoop;
  private final AddressCounts perAddress;
  private final WebSockets webSockets;
  private final Optional<ServerTls> tls;
  private final TlsWatch tlsWatch;
  private final AtomicInteger open = new AtomicInteger();
  private final Listener<?> listener;
  private volatile boolean draining;

  /**
   * What does not change while the server runs.
   *
   * @param answers whether answers tell of upstream, attempts and cache, and who may ask for more
   * @param proxies whose word on their clients is taken
   * @param connectionsPerAddress the most connections that one client address may have open
   * @param tls what connections are encrypted with; empty: they are plain
   * @param admission when it begins to protect itself
   */
  public record Settings(
      ListenConfig.Answers answers,
      ListenConfig.Proxies proxies,
      int connectionsPerAddress,
      Optional<ServerTls> tls,
      AdmissionPolicy admission) {}

  /**
   * What requests need.
   *
   * @param loops the contexts of all event loops, by index
   * @param plans the serving plan of the moment
   * @param metrics counts connections and refusals
   * @param webSockets what connections that go on as WebSocket need
   */
  public record Backing(
      List<LoopContext> loops,
      Supplier<ServingPlan> plans,
      ServerMetrics metrics,
      WebSockets.Backing webSockets) {}

  private RpcServer(EventLoops loops, SocketAddress address, Backing backing, Settings settings)
      throws IOException {
    this.plans = backing.plans();
    this.metrics = backing.metrics();
    this.answers = settings.answers();
    this.addresses = new ClientAddress(settings.proxies());
    this.perAddress = new AddressCounts(settings.connectionsPerAddress());
    List<LoopAdmission> admissions = admissions(loops, settings.admission());
    this.byLoop =
        backing.loops().stream()
            .map(loop -> new LoopConnections(loop, plans, admissions.get(loop.index())))
            .toList();
    this.webSockets =
        new WebSockets(
            backing.loops(),
            byLoop.stream().map(LoopConnections::dispatcher).toList(),
            backing.webSockets());
    this.tls = settings.tls();
    this.tlsWatch = new TlsWatch(metrics);
    this.listener = listen(loops, address);
  }

  private List<LoopAdmission> admissions(EventLoops loops, AdmissionPolicy policy) {
    MemoryUse memory = MemoryUse.of(loops.allocator(), policy.memoryBytes());
    return loops.all().stream()
        .map(
            loop ->
                new LoopAdmission(
                    new LoopAdmission.Home(
                        loop.index(), loops.size(), times(loop), loop.eventLoop()),
                    memory,
                    policy,
                    metrics))
        .toList();
  }

  private static LoopAdmission.Times times(IoLoop loop) {
    return new LoopAdmission.Times(loop, new ProcessorTime(loop), loop.turns());
  }

  /**
   * Begins to listen.
   *
   * @param address where: an internet address, whose port 0 takes a free one, or a Unix domain
   *     socket's
   * @throws IOException if the address cannot be had
   */
  public static RpcServer bind(
      EventLoops loops, SocketAddress address, Backing backing, Settings settings)
      throws IOException {
    return new RpcServer(loops, address, backing, settings);
  }

  private Listener<?> listen(EventLoops loops, SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress unix
        ? Listener.bindUnix(loops, unix, this::initializer)
        : Listener.bind(loops, (InetSocketAddress) address, this::initializer);
  }

  private ChannelHandler initializer(IoLoop io) {
    LoopConnections connections = byLoop.get(io.index());
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (addresses.isProxy(channel)) {
          ProxyHeader.install(channel.pipeline(), RpcServer.this);
        }
        tls.ifPresent(encryption -> encryption.install(channel.pipeline(), tlsWatch));
        StrictRequestDecoder decoder = new StrictRequestDecoder(plan().limits().http());
        RpcConnection connection = new RpcConnection(connections, decoder, RpcServer.this);
        channel.pipeline().addLast(new PrefaceSniffer(connection), decoder, connection);
      }
    };
  }

  /** Where it listens, with the port that was taken. */
  public SocketAddress address() {
    return listener.address();
  }

  /** How many clients are connected. */
  public int openConnections() {
    return open.get();
  }

  /**
   * Accepts no more, ends idle connections now and busy ones with their next answer; WebSocket
   * connections with what was asked on them before.
   */
  public void drain() {
    draining = true;
    listener.close();
    byLoop.forEach(LoopConnections::drain);
    webSockets.drain();
  }

  @Override
  public void close() {
    listener.close();
  }

  ServingPlan plan() {
    return plans.get();
  }

  boolean debugHeaders() {
    return answers.debugHeaders();
  }

  /** Whether a client may ask how its calls were decided. */
  boolean mayExplain(InetAddress client) {
    return AddressBlock.anyHas(answers.explainFrom(), client);
  }

  /** Tells where clients are. */
  ClientAddress addresses() {
    return addresses;
  }

  boolean isDraining() {
    return draining;
  }

  static ByteBuf continueLine() {
    return CONTINUE.duplicate();
  }

  /** Counts a new connection; false if its address has too many. */
  boolean tryOpen(Channel channel) {
    InetAddress address = ClientAddress.find(channel);
    if (address != null && !perAddress.tryAdd(address)) {
      metrics.onRefused(RefusalReason.TOO_MANY_CONNECTIONS);
      return false;
    }
    open.incrementAndGet();
    metrics.onConnected();
    channel.closeFuture().addListener(closed -> onClosed(address));
    return true;
  }

  private void onClosed(@Nullable InetAddress address) {
    if (address != null) {
      perAddress.remove(address);
    }
    open.decrementAndGet();
    metrics.onDisconnected();
  }

  WebSockets webSockets() {
    return webSockets;
  }

  void onRefused(RefusalReason reason) {
    metrics.onRefused(reason);
  }

  void onUnexpected(Channel channel, Throwable cause) {
    LOG.warn("rpc connection {}: closed after an unexpected error", channel.id(), cause);
  }
}
