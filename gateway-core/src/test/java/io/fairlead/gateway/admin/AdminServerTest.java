package io.fairlead.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import io.fairlead.admin.v1.Change;
import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.Event;
import io.fairlead.admin.v1.GetLatencyRequest;
import io.fairlead.admin.v1.GetRoutingTableRequest;
import io.fairlead.admin.v1.GetRoutingTableResponse;
import io.fairlead.admin.v1.ListEventsRequest;
import io.fairlead.admin.v1.Override;
import io.fairlead.admin.v1.ReloadConfigRequest;
import io.fairlead.admin.v1.RestoreRequest;
import io.fairlead.admin.v1.RoutingTable;
import io.fairlead.admin.v1.SetWeightRequest;
import io.fairlead.admin.v1.Share;
import io.fairlead.admin.v1.Upstream;
import io.fairlead.gateway.control.ControlException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Every call over a real connection. */
class AdminServerTest {
  @TempDir Path dir = Path.of("");
  private AdminFixture admin;

  @BeforeEach
  void start() throws Exception {
    admin = AdminFixture.open(dir);
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void theTableTellsEverythingOfAnUpstreamButItsAddress() {
    GetRoutingTableResponse response =
        admin.stub().getRoutingTable(GetRoutingTableRequest.getDefaultInstance());
    assertEquals("0.1.0", response.getGatewayVersion());
    assertEquals(List.of("ethereum", "gnosis"), chains(response.getTablesList()));
    RoutingTable ethereum = response.getTables(0);
    assertTrue(ethereum.getUsable());
    assertEquals(21_034_567, ethereum.getHeadBlock());
    Upstream gcp = ethereum.getUpstreams(2);
    assertEquals("gcp-1", gcp.getId());
    assertEquals("gcp", gcp.getCloud());
    assertEquals("europe-west4", gcp.getRegion());
    assertEquals("acme", gcp.getVendor());
    assertEquals("16509", gcp.getLabelsOrThrow("asn"));
    assertEquals(200, gcp.getConfiguredWeight());
    assertEquals(200, gcp.getEffectiveWeight());
    assertEquals(64, gcp.getMaxConcurrency());
    assertEquals(Upstream.Administrative.ACTIVE, gcp.getAdministrative());
    assertEquals(Upstream.Health.HEALTHY, gcp.getHealth());
    assertEquals(Upstream.Freshness.CURRENT, gcp.getFreshness());
    assertEquals(1, gcp.getLagBlocks());
    assertTrue(gcp.getServing());
    assertEquals("serving", gcp.getReason());
  }

  @Test
  void everyShareCarriesItsFactorsWithReasons() {
    Upstream aws =
        admin
            .stub()
            .getRoutingTable(GetRoutingTableRequest.getDefaultInstance())
            .getTables(0)
            .getUpstreams(0);
    assertEquals(
        List.of("light", "read", "logs", "trace", "write"),
        aws.getSharesList().stream().map(Share::getMethodClass).toList());
    Share read = aws.getShares(1);
    assertEquals(0.25, read.getShare());
    assertEquals(0.25, read.getHeadSensitiveShare());
    assertFalse(read.hasCostMillis());
    assertEquals("weight", read.getFactors(0).getName());
    assertEquals(100, read.getFactors(0).getValue());
    assertEquals("configured", read.getFactors(0).getReason());
  }

  @Test
  void aTableCanBeAskedForByChain() {
    GetRoutingTableRequest request = GetRoutingTableRequest.newBuilder().setChain("gnosis").build();
    assertEquals(List.of("gnosis"), chains(admin.stub().getRoutingTable(request).getTablesList()));
    GetRoutingTableRequest misspelt = GetRoutingTableRequest.newBuilder().setChain("gnsis").build();
    assertStatus(
        Status.Code.NOT_FOUND,
        "chain: gnsis (expected: one of ethereum, gnosis; did you mean gnosis?)",
        () -> admin.stub().getRoutingTable(misspelt));
  }

  @Test
  void aWeightHoldsWhenTheAnswerIsThere() {
    SetWeightRequest request =
        SetWeightRequest.newBuilder()
            .setTarget("aws-1")
            .setChain("ethereum")
            .setWeight(700)
            .setTtl(Duration.newBuilder().setSeconds(600))
            .setReason("more memory")
            .setAuthor("alice")
            .build();
    Change change = admin.stub().setWeight(request).getChange();
    assertEquals(List.of("ethereum/aws-1"), change.getUpstreamsList());
    assertEquals(Override.Kind.WEIGHT, change.getOverride().getKind());
    assertEquals(
        600,
        change.getOverride().getExpiresAt().getSeconds()
            - change.getOverride().getCreatedAt().getSeconds());
    Upstream aws = upstream("ethereum", 0);
    assertEquals(0.7, aws.getShares(1).getShare(), 1e-9);
    assertEquals(100, aws.getConfiguredWeight());
    assertEquals(700, aws.getEffectiveWeight());
    assertEquals(List.of(change.getOverride()), aws.getOverridesList());
    assertEquals(0, upstream("gnosis", 0).getOverridesCount());
  }

  @Test
  void aDrainReplacedAndRestoredIsToldEachTime() {
    Change first = admin.stub().drain(drain("cloud:aws")).getChange();
    assertEquals(Override.Kind.DRAIN, first.getOverride().getKind());
    assertEquals("local", first.getOverride().getAuthor());
    assertEquals(List.of("gnosis: no upstream can serve now"), first.getWarningsList());
    assertEquals(Upstream.Administrative.DRAINING, upstream("ethereum", 0).getAdministrative());
    assertFalse(upstream("ethereum", 0).getServing());
    Change second = admin.stub().drain(drain("cloud:aws")).getChange();
    assertEquals(List.of(first.getOverride()), second.getRemovedList());
    RestoreRequest restore =
        RestoreRequest.newBuilder().setTarget("cloud:aws").setAuthor("bob").build();
    Change third = admin.stub().restore(restore).getChange();
    assertEquals(List.of(second.getOverride()), third.getRemovedList());
    assertFalse(third.hasOverride());
    assertTrue(upstream("ethereum", 0).getServing());
    assertStatus(
        Status.Code.FAILED_PRECONDITION,
        "target: cloud:aws on all chains (expected: one that is overridden, now none)",
        () -> admin.stub().restore(restore));
  }

  @Test
  void whatBreaksARuleIsRefusedWithTheRule() {
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "weight: absent (expected: 0 to 10000)",
        () -> admin.stub().setWeight(SetWeightRequest.newBuilder().setTarget("aws-1").build()));
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "weight: 10001 (expected: 0 to 10000)",
        () ->
            admin
                .stub()
                .setWeight(
                    SetWeightRequest.newBuilder().setTarget("aws-1").setWeight(10_001).build()));
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "ttl: PT0S (expected: at least 1ms, at most ten years)",
        () ->
            admin
                .stub()
                .drain(drain("aws-1").toBuilder().setTtl(Duration.getDefaultInstance()).build()));
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "ttl: negative (expected: more than 0)",
        () ->
            admin
                .stub()
                .drain(
                    drain("aws-1").toBuilder()
                        .setTtl(Duration.newBuilder().setSeconds(-1))
                        .build()));
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "limit: 10001 (expected: 0 to 10000)",
        () -> admin.stub().listEvents(ListEventsRequest.newBuilder().setLimit(10_001).build()));
    assertStatus(
        Status.Code.NOT_FOUND,
        "target: aws-9 (expected: an upstream's id or a failure domain of the configuration;"
            + " did you mean aws-1?)",
        () -> admin.stub().drain(drain("aws-9")));
    assertEquals(List.of(), admin.control().overrides());
  }

  @Test
  void aTargetLeftOutIsRefused() {
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> admin.stub().drain(drain("")));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
  }

  @Test
  void eventsSayWhoDidWhatAndWhy() {
    admin.stub().drain(drain("gcp-1").toBuilder().setAuthor("alice").setReason("fire").build());
    List<Event> events =
        admin
            .stub()
            .listEvents(ListEventsRequest.newBuilder().setChain("ethereum").build())
            .getEventsList();
    assertEquals(1, events.size());
    Event event = events.get(0);
    assertEquals("drained", event.getKind());
    assertEquals("gcp-1", event.getSubject());
    assertEquals("alice", event.getAuthor());
    assertEquals("fire", event.getReason());
    assertEquals(0.5, event.getShareBefore());
    assertEquals(0, event.getShareAfter());
    assertTrue(event.getAt().getSeconds() > 0);
    assertEquals(1, event.getSequence());
  }

  @Test
  void latencyCanBeAskedForByTarget() {
    assertEquals(4, admin.stub().getLatency(GetLatencyRequest.getDefaultInstance()).getRowsCount());
    GetLatencyRequest request =
        GetLatencyRequest.newBuilder().setChain("ethereum").setTarget("gcp-1").build();
    assertEquals(
        io.fairlead.admin.v1.LatencyRow.newBuilder()
            .setChain("ethereum")
            .setUpstream("gcp-1")
            .setMethodClass("read")
            .setSamples(12.5)
            .setP50Millis(4)
            .setP95Millis(20)
            .setP99Millis(55.5)
            .build(),
        admin.stub().getLatency(request).getRows(0));
    assertStatus(
        Status.Code.NOT_FOUND,
        "target: nobody on gnosis (expected: an upstream's id or a failure domain of the"
            + " configuration)",
        () ->
            admin
                .stub()
                .getLatency(request.toBuilder().setChain("gnosis").setTarget("nobody").build()));
  }

  @Test
  void aReloadTellsWhatChangedOrWhyItWasRefused() {
    admin.fleet().setReload(List.of("ethereum: + gcp-2"), Optional.empty());
    assertEquals(
        List.of("ethereum: + gcp-2"),
        admin.stub().reloadConfig(ReloadConfigRequest.getDefaultInstance()).getChangesList());
    ControlException cause =
        new ControlException(
            ControlException.Kind.PRECONDITION, "f.yaml:3:1: chain: absent\nf.yaml:9:2: x");
    admin.fleet().setReload(List.of(), Optional.of(cause));
    assertStatus(
        Status.Code.FAILED_PRECONDITION,
        "f.yaml:3:1: chain: absent\nf.yaml:9:2: x",
        () -> admin.stub().reloadConfig(ReloadConfigRequest.getDefaultInstance()));
  }

  @Test
  void whatGoesWrongInsideIsNotToldOutside() {
    admin.fleet().failWith(new IllegalStateException("secret-key in a message"));
    assertStatus(
        Status.Code.INTERNAL,
        "the gateway failed at this call; its log says why",
        () -> admin.stub().getRoutingTable(GetRoutingTableRequest.getDefaultInstance()));
  }

  @Test
  void everyStatusOfRoutingHasItsWordOnTheWire() {
    for (var value : io.fairlead.routing.table.UpstreamStatus.Administrative.values()) {
      assertNotNull(Upstream.Administrative.valueOf(value.name()));
    }
    for (var value : io.fairlead.routing.table.UpstreamStatus.Health.values()) {
      assertNotNull(Upstream.Health.valueOf(value.name()));
    }
    for (var value : io.fairlead.routing.table.UpstreamStatus.Freshness.values()) {
      assertNotNull(Upstream.Freshness.valueOf(value.name()));
    }
  }

  private Upstream upstream(String chain, int index) {
    return admin
        .stub()
        .getRoutingTable(GetRoutingTableRequest.newBuilder().setChain(chain).build())
        .getTables(0)
        .getUpstreams(index);
  }

  private static List<String> chains(List<RoutingTable> tables) {
    return tables.stream().map(RoutingTable::getChain).toList();
  }

  private static DrainRequest drain(String target) {
    return DrainRequest.newBuilder().setTarget(target).build();
  }

  private static void assertStatus(Status.Code code, String message, Executable call) {
    StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, refused.getStatus().getCode());
    assertEquals(message, refused.getStatus().getDescription());
  }
}
