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
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
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

  private AdminFixture(Path dir, Admin access) throws IOException {
    OverrideStore store = OverrideStore.open(dir, time);
    steering = new Steering(loop, store, events, fleet, "0.1.0");
    server = AdminServer.start(new HostPort("127.0.0.1", 0), access, steering);
    channel = NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
  }

  /** An open admin port. */
  public static AdminFixture open(Path dir) throws Exception {
    return open(dir, Admin.OPEN);
  }

  /** An admin port with tokens. */
  public static AdminFixture open(Path dir, Admin access) throws Exception {
    AdminFixture fixture = new AdminFixture(dir, access);
    fixture.onLoop(fixture.steering::start);
    return fixture;
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
    server.close();
    loop.close();
  }
}
