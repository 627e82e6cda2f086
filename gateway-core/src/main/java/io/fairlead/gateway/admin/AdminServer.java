package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.RoutingAdminGrpc;
import io.fairlead.gateway.control.RoutingControl;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The admin port: {@code fairlead.admin.v1.RoutingAdmin}, {@code grpc.health.v1.Health} and server
 * reflection over HTTP/2, with TLS if it is configured.
 *
 * <p>Nobody but this machine reaches it unless tokens or clients' certificates say who may. The
 * health service needs no token: it tells nothing but whether the gateway is ready.
 *
 * <p>Thread-safety: safe.
 */
public final class AdminServer implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 64 << 10;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int CALL_THREADS = 4;
  private static final long SHUTDOWN_MILLIS = 500;

  private final EventLoopGroup network;
  private final ThreadPoolExecutor calls;
  private final HealthStatusManager health = new HealthStatusManager();
  private final RoutingAdminService service;
  private final Server server;
  private volatile InetSocketAddress address;

  private AdminServer(AdminAccess access, RoutingControl control) {
    network =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("fairlead-admin-net", true), NioIoHandler.newFactory());
    calls = callThreads();
    service = new RoutingAdminService(control, calls);
    TokenGate gate = new TokenGate(access.admin().tokens());
    address = new InetSocketAddress(access.listen().host(), access.listen().port());
    NettyServerBuilder builder = NettyServerBuilder.forAddress(address);
    access.tls().ifPresent(tls -> builder.sslContext(tls.context()));
    server =
        builder
            .channelType(NioServerSocketChannel.class)
            .bossEventLoopGroup(network)
            .workerEventLoopGroup(network)
            .executor(calls)
            .maxInboundMessageSize(MAX_REQUEST_BYTES)
            .maxInboundMetadataSize(MAX_HEADER_BYTES)
            .maxConcurrentCallsPerConnection(100)
            .handshakeTimeout(10, TimeUnit.SECONDS)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(ServerInterceptors.intercept(service, gate))
            .addService(ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), gate))
            .addService(health.getHealthService())
            .build();
  }

  /**
   * Listens, and answers calls from now on; the health service says {@code NOT_SERVING} until
   * {@link #setReady}. Takes a few hundred milliseconds in a fresh process (class loading), so it
   * is best called beside, not before, the opening of the rpc port.
   *
   * @param access where, and who may call
   * @param control what calls act on
   * @return the running server
   * @throws IOException if the address cannot be listened on
   * @throws IllegalArgumentException if others than this machine could call and show nothing
   */
  public static AdminServer start(AdminAccess access, RoutingControl control) throws IOException {
    if (access.isOpen()) {
      throw new IllegalArgumentException(
          "listen.admin: "
              + access.listen()
              + " (expected: a loopback address, tokens in admin.tokens or"
              + " listen.adminTls.clientCa)");
    }
    AdminServer started = new AdminServer(access, control);
    try {
      started.server.start();
      started.address = (InetSocketAddress) started.server.getListenSockets().get(0);
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
    started.setReady(false);
    return started;
  }

  /**
   * Where it listens.
   *
   * @return the address with the port that was chosen
   */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * Says through the health service whether the gateway can serve, for the whole ({@code ""}) and
   * for {@code fairlead.admin.v1.RoutingAdmin}, which always serves.
   *
   * @param isReady whether each chain has an upstream that can serve and nothing is shutting down
   */
  public void setReady(boolean isReady) {
    health.setStatus("", isReady ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    health.setStatus(RoutingAdminGrpc.SERVICE_NAME, ServingStatus.SERVING);
  }

  /** Ends watch streams with OK, lets calls under way finish for a moment, and stops listening. */
  @Override
  public void close() {
    health.enterTerminalState();
    server.shutdown();
    service.close();
    try {
      if (!server.awaitTermination(SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    calls.shutdown();
    network
        .shutdownGracefully(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(SHUTDOWN_MILLIS);
  }

  private static ThreadPoolExecutor callThreads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            CALL_THREADS,
            CALL_THREADS,
            Duration.ofSeconds(10).toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("fairlead-admin", true));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
