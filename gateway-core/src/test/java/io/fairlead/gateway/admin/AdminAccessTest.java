package io.fairlead.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.GetRoutingTableRequest;
import io.fairlead.admin.v1.RoutingAdminGrpc.RoutingAdminBlockingStub;
import io.fairlead.gateway.config.FairleadConfig.Admin;
import io.fairlead.gateway.config.FairleadConfig.Token;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.Secret;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may call, and what tells clients of the server itself. */
class AdminAccessTest {
  private static final Admin TOKENS =
      new Admin(
          List.of(
              new Token("alice", Secret.of("alices-long-token")),
              new Token("bob", Secret.of("bobs-even-longer-token"))));

  @TempDir Path dir = Path.of("");

  @Test
  void withTokensACallWithoutOneIsRefused() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir, TOKENS)) {
      assertRefused(admin.stub());
      assertRefused(with(admin, "Bearer alices-long-toke"));
      assertRefused(with(admin, "Bearer "));
      assertRefused(with(admin, "Basic alices-long-token"));
      assertRefused(with(admin, "alices-long-token"));
      assertEquals(List.of(), admin.control().overrides());
    }
  }

  @Test
  void theTokenNamesTheAuthorWhateverTheRequestSays() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir, TOKENS)) {
      DrainRequest request =
          DrainRequest.newBuilder().setTarget("aws-1").setAuthor("mallory").build();
      String author =
          with(admin, "bearer bobs-even-longer-token")
              .drain(request)
              .getChange()
              .getOverride()
              .getAuthor();
      assertEquals("bob", author);
    }
  }

  @Test
  void withoutTokensTheRequestNamesTheAuthor() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir)) {
      DrainRequest request =
          DrainRequest.newBuilder().setTarget("aws-1").setAuthor("carol").build();
      assertEquals("carol", admin.stub().drain(request).getChange().getOverride().getAuthor());
    }
  }

  @Test
  void nobodyListensBeyondThisMachineWithoutTokens() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir)) {
      for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
        IllegalArgumentException refused =
            assertThrows(
                IllegalArgumentException.class,
                () ->
                    AdminServer.start(
                        AdminAccess.plain(new HostPort(host, 0), Admin.OPEN), admin.control()));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("listen.admin: "));
      }
      AdminServer.start(AdminAccess.plain(new HostPort("0.0.0.0", 0), TOKENS), admin.control())
          .close();
    }
  }

  @Test
  void healthNeedsNoTokenAndFollowsReadiness() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir, TOKENS)) {
      assertEquals(ServingStatus.NOT_SERVING, health(admin, ""));
      assertEquals(ServingStatus.SERVING, health(admin, "fairlead.admin.v1.RoutingAdmin"));
      admin.server().setReady(true);
      assertEquals(ServingStatus.SERVING, health(admin, ""));
      admin.server().setReady(false);
      assertEquals(ServingStatus.NOT_SERVING, health(admin, ""));
    }
  }

  @Test
  void aPortSaysWhatItWasToldBeforeItWasOpen() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir);
        AdminPort port =
            AdminPort.open(
                AdminAccess.plain(new HostPort("127.0.0.1", 0), Admin.OPEN), admin.control())) {
      port.setReady(true);
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(port.awaitOpen()).usePlaintext().build();
      try {
        assertEquals(ServingStatus.SERVING, health(channel, ""));
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void aPortThatIsTakenIsSaidByName() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir)) {
      HostPort taken = HostPort.parse(admin.address()).orElseThrow();
      try (AdminPort port = AdminPort.open(AdminAccess.plain(taken, Admin.OPEN), admin.control())) {
        port.setReady(true);
        IOException refused = assertThrows(IOException.class, port::awaitOpen);
        assertTrue(
            String.valueOf(refused.getMessage())
                .startsWith("listen.admin: " + taken + " (expected: an address that is free): "));
      }
    }
  }

  @Test
  void aPortThatIsRefusedSaysWhy() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir);
        AdminPort port =
            AdminPort.open(
                AdminAccess.plain(new HostPort("0.0.0.0", 0), Admin.OPEN), admin.control())) {
      assertThrows(IllegalArgumentException.class, port::awaitOpen);
    }
  }

  @Test
  void reflectionListsTheServices() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir)) {
      List<String> services =
          reflect(admin, ServerReflectionRequest.newBuilder().setListServices("").build())
              .getListServicesResponse()
              .getServiceList()
              .stream()
              .map(ServiceResponse::getName)
              .toList();
      assertTrue(services.contains("fairlead.admin.v1.RoutingAdmin"));
      assertTrue(services.contains("grpc.health.v1.Health"));
      ServerReflectionRequest symbol =
          ServerReflectionRequest.newBuilder()
              .setFileContainingSymbol("fairlead.admin.v1.RoutingAdmin")
              .build();
      assertFalse(
          reflect(admin, symbol)
              .getFileDescriptorResponse()
              .getFileDescriptorProtoList()
              .isEmpty());
    }
  }

  @Test
  void aRequestBeyondTheLimitIsRefused() throws Exception {
    try (AdminFixture admin = AdminFixture.open(dir)) {
      DrainRequest request = DrainRequest.newBuilder().setTarget("a".repeat(100_000)).build();
      StatusRuntimeException refused =
          assertThrows(StatusRuntimeException.class, () -> admin.stub().drain(request));
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
    }
  }

  private static ServerReflectionResponse reflect(
      AdminFixture admin, ServerReflectionRequest request) throws Exception {
    CompletableFuture<ServerReflectionResponse> first = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(admin.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    first.complete(response);
                  }

                  @Override
                  public void onError(Throwable t) {
                    first.completeExceptionally(t);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(request);
    requests.onCompleted();
    return first.get(20, TimeUnit.SECONDS);
  }

  private static ServingStatus health(AdminFixture admin, String service) {
    return health(admin.channel(), service);
  }

  private static ServingStatus health(ManagedChannel channel, String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static RoutingAdminBlockingStub with(AdminFixture admin, String authorization) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
    return admin.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static void assertRefused(RoutingAdminBlockingStub stub) {
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> stub.getRoutingTable(GetRoutingTableRequest.getDefaultInstance()));
    assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode());
    assertEquals(
        "authorization: absent or unknown (expected: Bearer and an admin token)",
        refused.getStatus().getDescription());
  }
}
