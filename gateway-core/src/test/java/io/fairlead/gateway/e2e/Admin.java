package io.fairlead.gateway.e2e;

import io.fairlead.admin.v1.ExplainUpstreamRequest;
import io.fairlead.admin.v1.GetRoutingTableRequest;
import io.fairlead.admin.v1.RoutingAdminGrpc;
import io.fairlead.admin.v1.RoutingTable;
import io.fairlead.admin.v1.Upstream;
import io.fairlead.admin.v1.UpstreamExplanation;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An operator's gRPC client. */
final class Admin implements AutoCloseable {
  private final ManagedChannel channel;

  Admin(InetSocketAddress address) {
    channel = NettyChannelBuilder.forAddress(address).usePlaintext().build();
  }

  RoutingAdminGrpc.RoutingAdminBlockingStub calls() {
    return RoutingAdminGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
  }

  List<RoutingTable> tables() {
    return calls().getRoutingTable(GetRoutingTableRequest.getDefaultInstance()).getTablesList();
  }

  Upstream upstream(String id) {
    return tables().stream()
        .flatMap(table -> table.getUpstreamsList().stream())
        .filter(upstream -> upstream.getId().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no upstream " + id));
  }

  UpstreamExplanation explain(String id) {
    return calls()
        .explainUpstream(ExplainUpstreamRequest.newBuilder().setUpstream(id).build())
        .getExplanations(0);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
