package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.StubNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Hedges and rescues with sockets: a call that an upstream keeps is answered by another, and only
 * because of the hedge or the rescue.
 */
@Timeout(120)
final class HedgeAndRescueTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int MANY = 50;
  private static final int ENOUGH_TO_KNOW_A_QUANTILE = 300;

  private final HttpClient http = HttpClient.newHttpClient();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger kept = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final Set<String> keptAccounts = ConcurrentHashMap.newKeySet();
  private final StubNode slow = new StubNode("slow", 1);
  private final StubNode twin = new StubNode("twin", 1);
  private final StubNode quick = new StubNode("quick", 1);

  @AfterEach
  void stop() {
    ended.countDown();
    List.of(slow, twin, quick).forEach(StubNode::close);
  }

  private GatewayFixture gateway(String routing) {
    GatewayFixture gateway =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                routing: { bias: 0, timeout: 60s, %s }
                chains:
                  c:
                    chainId: 1
                    upstreams:
                      - { id: slow, url: "%s", cloud: aws, region: a }
                      - { id: twin, url: "%s", cloud: aws, region: a }
                      - { id: quick, url: "%s", cloud: gcp, region: b }
                """,
                routing,
                slow.uri(),
                twin.uri(),
                quick.uri()));
    gateway.awaitServing("c", 3, SOON);
    return gateway;
  }

  private CompletableFuture<HttpResponse<String>> ask(GatewayFixture gateway, String account) {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\""
            + account
            + "\",\"0x1\"]}";
    HttpRequest request =
        HttpRequest.newBuilder(gateway.rpc("/c"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString());
  }

  private static String attempts(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-fairlead-attempts").orElse("");
  }

  private static long counter(GatewayFixture gateway, String name) {
    return sum(gateway, line -> line.startsWith("fairlead_" + name + "_total{"));
  }

  /** Attempts at the slow node that ended so. */
  private static long ended(GatewayFixture gateway, String result) {
    return sum(
        gateway,
        line ->
            line.startsWith("fairlead_upstream_requests_total{")
                && line.contains("upstream=\"slow\"")
                && line.contains("result=\"" + result + "\""));
  }

  private static long sum(GatewayFixture gateway, Predicate<String> which) {
    return gateway
        .ops("/metrics")
        .lines()
        .filter(which)
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Calls of accounts that begin so, until the test ends, get no answer from a node. */
  private void keep(StubNode node, String account) {
    keepUntil(ended, node, account);
  }

  private void keepUntil(CountDownLatch latch, StubNode node, String account) {
    node.on(
        "eth_getBalance",
        (call, reply) -> {
          String asking = call.json().path("params").path(0).asText();
          if (asking.startsWith(account)) {
            keptAccounts.add(asking);
            kept.incrementAndGet();
            GatewayFixture.await(latch);
          }
          reply.json(call.result("\"" + account + "\""));
        });
  }

  /** Asks until a node keeps a call; that call. */
  private CompletableFuture<HttpResponse<String>> askUntilOneIsKept(GatewayFixture gateway) {
    while (true) {
      String account = "0xkept" + asked.incrementAndGet();
      CompletableFuture<HttpResponse<String>> call = ask(gateway, account);
      Eventually.holds(
          "answered or kept", SOON, () -> call.isDone() || keptAccounts.contains(account));
      if (keptAccounts.contains(account)) {
        return call;
      }
    }
  }

  @Test
  void aCallThatItsUpstreamAnswersLaterThanUsualIsAnsweredByAHedge() {
    try (GatewayFixture gateway = gateway("hedge: { budget: 100% }")) {
      keep(slow, "0xkept");
      for (int i = 0; i < ENOUGH_TO_KNOW_A_QUANTILE; i++) {
        assertEquals(200, ask(gateway, "0xquick").join().statusCode());
      }
      for (int i = 0; i < 3; i++) {
        long before = counter(gateway, "hedges");
        HttpResponse<String> answer = askUntilOneIsKept(gateway).join();
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("2", attempts(answer));
        assertTrue(counter(gateway, "hedges") > before, "answered, but not by a hedge");
      }
      assertEquals(0, counter(gateway, "retries"));
      assertEquals(0, counter(gateway, "rescues"));
    }
  }

  @Test
  void anUpstreamThatLosesToAHedgeIsHeardOut() {
    try (GatewayFixture gateway = gateway("hedge: { budget: 100% }")) {
      for (int i = 0; i < ENOUGH_TO_KNOW_A_QUANTILE; i++) {
        assertEquals(200, ask(gateway, "0xquick").join().statusCode());
      }
      boolean isHeard = false;
      for (int i = 0; i < MANY && !isHeard; i++) {
        CountDownLatch answered = new CountDownLatch(1);
        keepUntil(answered, slow, "0xkept");
        long heard = ended(gateway, "success");
        long cut = ended(gateway, "cancelled");
        CompletableFuture<HttpResponse<String>> call = askUntilOneIsKept(gateway);
        assertEquals(200, call.join().statusCode());
        answered.countDown();
        Eventually.holds(
            "the loser is over",
            SOON,
            () -> ended(gateway, "success") > heard || ended(gateway, "cancelled") > cut);
        isHeard = ended(gateway, "success") > heard;
      }
      assertTrue(isHeard, "every loser was cut off before it was overdue");
    }
  }

  @Test
  void withoutHedgesALateCallWaitsForItsUpstream() {
    try (GatewayFixture gateway = gateway("hedge: off, retry: { attempts: 1 }")) {
      keep(slow, "0xkept");
      for (int i = 0; i < ENOUGH_TO_KNOW_A_QUANTILE; i++) {
        assertEquals(200, ask(gateway, "0xquick").join().statusCode());
      }
      CompletableFuture<HttpResponse<String>> late = askUntilOneIsKept(gateway);
      for (int i = 0; i < ENOUGH_TO_KNOW_A_QUANTILE; i++) {
        assertEquals(200, ask(gateway, "0xquick").join().statusCode());
      }
      assertTrue(!late.isDone(), "answered though its upstream keeps it");
      ended.countDown();
      assertEquals("1", attempts(late.join()));
      assertEquals(0, counter(gateway, "hedges"));
    }
  }

  @Test
  void callsInFlightAtARegionThatFallsSilentAreAnsweredElsewhereByARescue() {
    try (GatewayFixture gateway = gateway("hedge: off, retry: { attempts: 1 }")) {
      keep(slow, "0xkept");
      keep(twin, "0xkept");
      List<CompletableFuture<HttpResponse<String>>> calls =
          IntStream.range(0, 60).mapToObj(i -> ask(gateway, "0xkept")).toList();
      for (CompletableFuture<HttpResponse<String>> call : calls) {
        assertEquals(200, call.join().statusCode(), () -> call.join().body());
      }
      assertTrue(kept.get() > 7, kept + " calls were in flight at the region");
      assertEquals(kept.get(), counter(gateway, "rescues"));
      assertEquals(
          kept.get(), calls.stream().filter(call -> attempts(call.join()).equals("2")).count());
      assertEquals(0, counter(gateway, "retries"));
      assertEquals(0, counter(gateway, "hedges"));
    }
  }
}
