package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.RoutingAdminGrpc;
import io.fairlead.admin.v1.RoutingAdminGrpc.RoutingAdminBlockingStub;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.Secret;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A connection to a gateway's admin port. */
final class AdminClient implements AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final int DEADLINE_SECONDS = 30;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final RoutingAdminBlockingStub stub;

  AdminClient(HostPort address, Optional<Secret> token) {
    channel =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .usePlaintext()
            .keepAliveTime(30, TimeUnit.SECONDS)
            .maxInboundMessageSize(MAX_ANSWER_BYTES)
            .build();
    Metadata headers = new Metadata();
    token.ifPresent(t -> headers.put(AUTHORIZATION, "Bearer " + t.reveal()));
    stub =
        RoutingAdminGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** For calls with one answer. */
  RoutingAdminBlockingStub calls() {
    return stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** For streams, which last until one side ends them. */
  RoutingAdminBlockingStub streams() {
    return stub;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
