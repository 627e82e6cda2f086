package io.fairlead.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.Event;
import io.fairlead.admin.v1.RoutingAdminGrpc;
import io.fairlead.admin.v1.RoutingTable;
import io.fairlead.admin.v1.WatchEventsRequest;
import io.fairlead.admin.v1.WatchEventsResponse;
import io.fairlead.admin.v1.WatchRoutingTableRequest;
import io.fairlead.admin.v1.WatchRoutingTableResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two streams over a real connection. */
class WatchTest {
  private static final Object COMPLETED = "completed";

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
  void aWatcherGetsTheTablesNowAndAfterEachChange() throws Exception {
    Received<WatchRoutingTableResponse> received = watchTables("");
    WatchRoutingTableResponse first = received.next();
    assertEquals(2, first.getTablesCount());
    admin.publishAnother();
    WatchRoutingTableResponse second = received.next();
    assertTrue(version(second) > version(first));
    admin.stub().drain(DrainRequest.newBuilder().setTarget("aws-1").build());
    WatchRoutingTableResponse third = received.next();
    assertEquals("aws-1", third.getOverrides(0).getTarget());
    assertTrue(version(third) > version(second));
  }

  @Test
  void aWatcherOfOneChainGetsThatChain() throws Exception {
    WatchRoutingTableResponse first = watchTables("gnosis").next();
    assertEquals(
        List.of("gnosis"), first.getTablesList().stream().map(RoutingTable::getChain).toList());
  }

  @Test
  void aMisspeltChainIsRefused() throws Exception {
    assertEquals(Status.Code.NOT_FOUND, watchTables("gnsis").failure());
    assertEquals(
        Status.Code.INVALID_ARGUMENT,
        watchEvents(WatchEventsRequest.newBuilder().setBacklog(-1).build()).failure());
  }

  @Test
  void eventsComeWithTheirBacklogAndAsTheyHappen() throws Exception {
    admin.stub().drain(DrainRequest.newBuilder().setTarget("aws-2").build());
    admin.stub().drain(DrainRequest.newBuilder().setTarget("gcp-1").build());
    Received<WatchEventsResponse> received =
        watchEvents(WatchEventsRequest.newBuilder().setBacklog(1).build());
    assertEquals(List.of("gcp-1"), subjects(received.next()));
    admin.stub().drain(DrainRequest.newBuilder().setTarget("cloud:aws").build());
    assertEquals("cloud:aws", subjects(received.next()).get(0));
  }

  @Test
  void streamsEndWellWhenTheGatewayShutsDown() throws Exception {
    Received<WatchRoutingTableResponse> tables = watchTables("");
    Received<WatchEventsResponse> events = watchEvents(WatchEventsRequest.getDefaultInstance());
    assertNotNull(tables.next());
    admin.stub().drain(DrainRequest.newBuilder().setTarget("gcp-1").build());
    assertNotNull(tables.next());
    assertNotNull(events.next());
    admin.server().close();
    assertEquals(COMPLETED, tables.take());
    assertEquals(COMPLETED, events.take());
  }

  private Received<WatchRoutingTableResponse> watchTables(String chain) {
    Received<WatchRoutingTableResponse> received = new Received<>();
    RoutingAdminGrpc.newStub(admin.channel())
        .watchRoutingTable(WatchRoutingTableRequest.newBuilder().setChain(chain).build(), received);
    return received;
  }

  private Received<WatchEventsResponse> watchEvents(WatchEventsRequest request) {
    Received<WatchEventsResponse> received = new Received<>();
    RoutingAdminGrpc.newStub(admin.channel()).watchEvents(request, received);
    return received;
  }

  private static long version(WatchRoutingTableResponse response) {
    return response.getTables(0).getVersion();
  }

  private static List<String> subjects(WatchEventsResponse response) {
    return response.getEventsList().stream().map(Event::getSubject).toList();
  }

  /** What a stream brought, in order, its end included. */
  private static final class Received<T> implements StreamObserver<T> {
    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

    @SuppressWarnings("unchecked") // onNext puts nothing else
    T next() throws InterruptedException {
      return (T) take();
    }

    Object take() throws InterruptedException {
      Object taken = queue.poll(20, TimeUnit.SECONDS);
      assertNotNull(taken, "nothing came");
      return taken;
    }

    Status.Code failure() throws InterruptedException {
      return ((StatusRuntimeException) take()).getStatus().getCode();
    }

    @Override
    public void onNext(T value) {
      queue.add(value);
    }

    @Override
    public void onError(Throwable t) {
      queue.add(t);
    }

    @Override
    public void onCompleted() {
      queue.add(COMPLETED);
    }
  }
}
