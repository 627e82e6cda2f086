package io.fairlead.gateway.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The laws of the simulated world: it answers, and it fails as it is told. */
@Timeout(60)
class SimulatedWorldTest {
  private static final String ASK = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_blockNumber\"}";
  private static final String HEAD = "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"0x1406f40\"}";
  private static final String NEXT = "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"0x1406f41\"}";

  private final AtomicLong nanos = new AtomicLong();
  private final SimulatedWorld world =
      SimulatedWorld.start(
          new SimulatedChain(1, 1337, Duration.ofSeconds(2), Instant.EPOCH, nanos::get),
          List.of(
              new NodeProfile("a-1", "a", "x", 1, 1),
              new NodeProfile("a-2", "a", "y", 1, 1),
              new NodeProfile("b-1", "b", "x", 0, 0.5)),
          1);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  SimulatedWorldTest() {
    nanos.set(1_000_000_000); // Past the propagation delay of every node.
  }

  @AfterEach
  void close() {
    world.close();
  }

  private CompletableFuture<HttpResponse<String>> send(String id) {
    URI uri = URI.create(world.node(id).url());
    HttpRequest request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(ASK)).build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  private @Nullable Throwable failure(String id) {
    return assertThrows(ExecutionException.class, () -> send(id).get()).getCause();
  }

  private void fault(String id, Fault.Kind kind) {
    world.node(id).setFault(Fault.of(kind)).join();
  }

  @Test
  void healthyNodesAnswer() throws Exception {
    for (SimulatedNode node : world.nodes()) {
      HttpResponse<String> response = send(node.profile().id()).get();
      assertEquals(200, response.statusCode());
      assertEquals(HEAD, response.body());
      assertEquals(1, node.requests());
    }
  }

  @Test
  void refusingNodeOpensTheSamePortAgain() throws Exception {
    int port = world.node("a-1").address().getPort();
    send("a-1").get();
    fault("a-1", Fault.Kind.REFUSE);
    failure("a-1"); // perhaps on the old connection, of whose end the client has not heard yet
    assertTrue(failure("a-1") instanceof ConnectException);
    fault("a-1", Fault.Kind.NONE);
    assertEquals(HEAD, send("a-1").get().body());
    assertEquals(port, world.node("a-1").address().getPort());
  }

  @Test
  void blackHoleOfACloudSwallowsOldAndNewConnectionsAndNothingElse() throws Exception {
    send("a-1").get();
    world.setFault(FailureDomain.cloud("a"), Fault.BLACK_HOLE).join();
    CompletableFuture<HttpResponse<String>> old = send("a-1");
    CompletableFuture<HttpResponse<String>> fresh = send("a-2");
    for (int i = 0; i < 20; i++) {
      assertEquals(HEAD, send("b-1").get().body());
    }
    assertFalse(old.isDone() || fresh.isDone());
    world.setFault(FailureDomain.cloud("a"), Fault.NONE).join();
    assertEquals(HEAD, send("a-1").get().body());
    assertEquals(HEAD, send("a-2").get().body());
    assertFalse(old.isDone() || fresh.isDone(), "what was swallowed stays swallowed");
  }

  @Test
  void regionIsNarrowerThanCloud() {
    world.setFault(FailureDomain.region("a", "x"), Fault.BLACK_HOLE).join();
    assertEquals(
        List.of(Fault.BLACK_HOLE, Fault.NONE, Fault.NONE),
        world.nodes().stream().map(SimulatedNode::fault).toList());
  }

  @Test
  void resetAndCutBodyBreakTheConnection() {
    fault("a-1", Fault.Kind.RESET);
    assertTrue(failure("a-1") instanceof IOException);
    fault("b-1", Fault.Kind.CUT_BODY);
    assertTrue(failure("b-1") instanceof IOException);
  }

  @Test
  void errorsCarryTheirStatus() throws Exception {
    fault("a-1", Fault.Kind.ERROR_5XX);
    assertEquals(503, send("a-1").get().statusCode());
    fault("a-1", Fault.Kind.ERROR_429);
    HttpResponse<String> limited = send("a-1").get();
    assertEquals(429, limited.statusCode());
    assertEquals("1", limited.headers().firstValue("retry-after").orElseThrow());
  }

  private int count(String id, int requests, int status) throws Exception {
    int count = 0;
    for (int i = 0; i < requests; i++) {
      count += send(id).get().statusCode() == status ? 1 : 0;
    }
    return count;
  }

  @Test
  void errorsBefallTheirShareOfTheRequests() throws Exception {
    world.node("b-1").setFault(Fault.errors(0.3, 0)).join();
    int errors = count("b-1", 200, 503);
    assertTrue(errors > 30 && errors < 90, errors + " of 200 with seed 1");
    world.node("b-1").setFault(Fault.NONE).join();
    assertEquals(20, count("b-1", 20, 200));
  }

  @Test
  void beyondItsQuotaANodeAnswers429WithoutAdvice() throws Exception {
    world.node("b-1").setFault(Fault.limit(1e-6)).join();
    assertEquals(200, send("b-1").get().statusCode());
    HttpResponse<String> limited = send("b-1").get();
    assertEquals(429, limited.statusCode());
    assertFalse(limited.headers().firstValue("retry-after").isPresent());
    assertEquals(1, world.node("b-1").limited());
    world.node("b-1").setFault(Fault.NONE).join();
    assertEquals(200, send("b-1").get().statusCode());
  }

  @Test
  void delayedAnswersAreOutWhileOthersCome() throws Exception {
    world.node("a-1").setFault(Fault.delay(1e9)).join();
    CompletableFuture<HttpResponse<String>> delayed = send("a-1");
    for (int i = 0; i < 20; i++) {
      assertEquals(HEAD, send("b-1").get().body());
    }
    assertFalse(delayed.isDone());
    world.node("a-1").setFault(Fault.delay(1)).join();
    assertEquals(HEAD, send("a-1").get().body());
  }

  @Test
  void laggingHeadStaysSoManyBlocksBehind() throws Exception {
    fault("a-1", Fault.Kind.NONE);
    world.node("a-1").setFault(Fault.lag(1)).join();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertEquals(HEAD, send("a-1").get().body());
    assertEquals(NEXT, send("a-2").get().body());
  }

  @Test
  void aNodeMayAlwaysFailSomeAndHaveAQuotaOfItsOwn() throws Exception {
    SimulatedChain chain =
        new SimulatedChain(1, 1337, Duration.ofSeconds(2), Instant.EPOCH, nanos::get);
    NodeProfile near = new NodeProfile("c-1", "c", "x", 0, 1);
    NodeServer failing = new NodeServer(1, 0, 1, 1e-6, WorkTimes.USUAL);
    try (SimulatedWorld other =
        SimulatedWorld.startPlanned(chain, List.of(new NodePlan(near, failing)), 1)) {
      URI uri = URI.create(other.node("c-1").url());
      HttpRequest request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(ASK)).build();
      assertEquals(503, client.send(request, BodyHandlers.ofString()).statusCode());
      assertEquals(429, client.send(request, BodyHandlers.ofString()).statusCode());
    }
  }

  @Test
  void impossibleFaultsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Fault.slow(0.5));
    assertThrows(IllegalArgumentException.class, () -> Fault.errors(1.1, 0));
    assertThrows(IllegalArgumentException.class, () -> Fault.limit(0));
    assertThrows(IllegalArgumentException.class, () -> Fault.lag(0));
    assertThrows(IllegalArgumentException.class, () -> Fault.delay(-1));
  }

  @Test
  void workOfAGivenMeanHasThatMean() {
    WorkTimes.Lognormal times = WorkTimes.Lognormal.ofMean(10, 0.8);
    SplittableRandom random = new SplittableRandom(4);
    double sum =
        IntStream.range(0, 100_000)
            .mapToDouble(i -> times.medianMillis() * Math.exp(0.8 * random.nextGaussian()))
            .sum();
    assertEquals(10, sum / 100_000, 0.2);
  }

  @Test
  void staleHeadStaysWhileOthersMove() throws Exception {
    fault("a-1", Fault.Kind.STALE_HEAD);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertEquals(HEAD, send("a-1").get().body());
    assertEquals(NEXT, send("a-2").get().body());
    fault("a-1", Fault.Kind.NONE);
    assertEquals(NEXT, send("a-1").get().body());
  }

  @Test
  void latenciesAreAFunctionOfTheSeed() {
    assertEquals(serviceTimes(5, 1), serviceTimes(5, 1));
    assertFalse(serviceTimes(5, 1).equals(serviceTimes(6, 1)));
    long quick = serviceTimes(5, 1).stream().mapToLong(n -> n).sum();
    long slow = serviceTimes(5, 8).stream().mapToLong(n -> n).sum();
    assertEquals(8.0, (double) slow / quick, 0.001);
  }

  private static List<Long> serviceTimes(long seed, double factor) {
    ServiceTimes times = new ServiceTimes(new SplittableRandom(seed), WorkTimes.USUAL, 1);
    return IntStream.range(0, 50)
        .mapToObj(i -> times.nextNanos(List.of(MethodClass.LOGS), factor))
        .toList();
  }
}
