package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.RoutingAdminGrpc;
import io.fairlead.admin.v1.RoutingAdminGrpc.RoutingAdminBlockingStub;
import io.fairlead.gateway.config.FairleadConfig.Admin;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.control.ControlLoop;
import io.fairlead.gateway.control.EventLog;
import io.fairlead.gateway.control.FakeFleet;
import io.fairlead.gateway.control.OverrideStore;
import io.fairlead.gateway.control.Steering;
import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.gateway.testing.RealTime;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An admin server on a loopback port, in front of real steering over a fake fleet, and a client.
 */
public final class AdminFixture implements AutoCloseable {
  private final ManualScheduler time = new ManualScheduler();
  private final EventLog events = new EventLog(1_000, time);
  private final FakeFleet fleet = new FakeFleet(time, events);
  private final ControlLoop loop = new ControlLoop(RealTime.CLOCK);
  private final Steering steering;
  private final AdminServer server;
  private final ManagedChannel channel;
  private final List<ManagedChannel> further = new ArrayList<>();

  private AdminFixture(Path dir, AdminAccess access) throws IOException {
    OverrideStore store = OverrideStore.open(dir, time);
    steering = new Steering(loop, store, events, fleet, "0.1.0");
    server = AdminServer.start(access, steering);
    channel = NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
  }

  /** An open admin port. */
  public static AdminFixture open(Path dir) throws Exception {
    return open(dir, Admin.OPEN);
  }

  /** An admin port with all that can be said of access. */
  public static AdminFixture open(Path dir, AdminAccess access) throws Exception {
    AdminFixture fixture = new AdminFixture(dir, access);
    fixture.onLoop(fixture.steering::start);
    return fixture;
  }

  /** An admin port with tokens. */
  public static AdminFixture open(Path dir, Admin access) throws Exception {
    return open(dir, AdminAccess.plain(new HostPort("127.0.0.1", 0), access));
  }

  /** {@code 127.0.0.1:PORT}. */
  public String address() {
    return "127.0.0.1:" + server.address().getPort();
  }

  /** The fleet behind it. */
  public FakeFleet fleet() {
    return fleet;
  }

  AdminServer server() {
    return server;
  }

  /** The steering behind it. */
  public Steering control() {
    return steering;
  }

  ManagedChannel channel() {
    return channel;
  }

  RoutingAdminBlockingStub stub() {
    return RoutingAdminGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  /** As {@link #stub}, over TLS: trusts an authority and shows a certificate. */
  RoutingAdminBlockingStub secure(X509Certificate authority, X509Bundle shown) throws IOException {
    ManagedChannel secure =
        NettyChannelBuilder.forAddress(server.address())
            .overrideAuthority("localhost")
            .sslContext(
                GrpcSslContexts.forClient()
                    .trustManager(authority)
                    .keyManager(shown.getKeyPair().getPrivate(), shown.getCertificatePath())
                    .build())
            .build();
    further.add(secure);
    return RoutingAdminGrpc.newBlockingStub(secure).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  /** Publishes other tables and ticks, as the gateway's control loop does. */
  public void publishAnother() throws Exception {
    onLoop(
        () -> {
          fleet.publishAnother();
          steering.onTick();
        });
  }

  private void onLoop(Runnable task) throws Exception {
    CompletableFuture.runAsync(task, loop).get(10, TimeUnit.SECONDS);
  }

  @java.lang.Override
  public void close() {
    channel.shutdownNow();
    further.forEach(ManagedChannel::shutdownNow);
    server.close();
    loop.close();
  }
}
