package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.RoutingAdminGrpc;
import io.fairlead.admin.v1.RoutingAdminGrpc.RoutingAdminBlockingStub;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.Secret;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
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

  /**
   * Prepares a connection.
   *
   * @throws IOException if a file of TLS cannot be used
   */
  AdminClient(HostPort address, Optional<Secret> token, Optional<AdminTls> tls) throws IOException {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.host(), address.port());
    if (tls.isPresent()) {
      builder.sslContext(tls.get().context());
    } else {
      builder.usePlaintext();
    }
    channel =
        builder.keepAliveTime(30, TimeUnit.SECONDS).maxInboundMessageSize(MAX_ANSWER_BYTES).build();
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
