package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.ReloadConfigRequest;
import io.fairlead.admin.v1.RestoreRequest;
import io.fairlead.admin.v1.Upstream.Administrative;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import io.grpc.StatusRuntimeException;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to a gateway that runs, and what clients must not notice of it. */
final class OperationTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int ASKING = 4;
  private static final int RELOADS = 40;
  private static final String BALANCE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]}";

  private final StubNode first = new StubNode("first", 1);
  private final StubNode second = new StubNode("second", 1);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("client", true));

  @AfterEach
  void stop() {
    threads.shutdownNow();
    first.close();
    second.close();
  }

  private static String chain(StubNode... nodes) {
    StringBuilder yaml =
        new StringBuilder("cache: off\nchains:\n  ethereum:\n    chainId: 1\n    upstreams:\n");
    for (StubNode node : nodes) {
      yaml.append(
          String.format(
              Locale.ROOT,
              "      - { id: u%1$d, url: \"%2$s\", cloud: c%1$d, region: r }\n",
              node.uri().getPort(),
              node.uri()));
    }
    return yaml.toString();
  }

  @Test
  void terminationLosesNoCallInFlightAndEndsWellAfterThem(@TempDir Path dir) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger held = new AtomicInteger();
    first.on(
        "eth_getBalance",
        (call, reply) -> {
          held.incrementAndGet();
          GatewayFixture.await(release);
          reply.json(call.result("\"late\""));
        });
    try (GatewayProcess gateway =
        new GatewayProcess(dir, "routing: { hedge: off, timeout: 30s }\n" + chain(first))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        RawClient client = gateway.client();
        client.post("/ethereum", BALANCE);
        clients.add(client);
      }
      Eventually.holds("all in flight", SOON, () -> held.get() >= 20);
      gateway.signal("TERM");
      Eventually.holds("readiness is off", SOON, () -> gateway.ops("/readyz") != 200);
      release.countDown();
      for (RawClient client : clients) {
        Answer answer = client.read();
        assertEquals(200, answer.status());
        assertTrue(answer.text().contains("late"), answer.text());
        assertTrue(client.isClosedByServer());
        client.close();
      }
      assertEquals(0, gateway.await(), gateway::log);
    }
  }

  @Test
  void reloadDropsNothingAndABadFileChangesNothing(@TempDir Path dir) throws Exception {
    try (GatewayProcess gateway = new GatewayProcess(dir, chain(first));
        Admin admin = gateway.admin()) {
      AtomicBoolean stop = new AtomicBoolean();
      Future<?> traffic = threads.submit(() -> traffic(gateway, stop));

      gateway.write(chain(first).replace("upstreams", "upstream"));
      StatusRuntimeException refused =
          Assertions.assertThrows(
              StatusRuntimeException.class,
              () -> admin.calls().reloadConfig(ReloadConfigRequest.getDefaultInstance()));
      String reason = String.valueOf(refused.getMessage());
      assertTrue(reason.contains("upstreams"), reason);
      gateway.signal("HUP");
      Eventually.holds("the log says why", SOON, () -> gateway.log().contains("upstreams"));
      assertEquals(200, gateway.ops("/readyz"));

      gateway.write(chain(first, second));
      gateway.signal("HUP");
      awaitCalls("the new one takes part", traffic, () -> second.count("eth_getBalance") > 20);
      gateway.write(chain(second));
      admin.calls().reloadConfig(ReloadConfigRequest.getDefaultInstance());
      long before = second.count("eth_getBalance");
      awaitCalls("it carries on", traffic, () -> second.count("eth_getBalance") > before + 50);

      gateway.write(chain(first));
      admin.calls().reloadConfig(ReloadConfigRequest.getDefaultInstance());
      long swapped = first.count("eth_getBalance");
      awaitCalls("all at once", traffic, () -> first.count("eth_getBalance") > swapped + 50);
      stop.set(true);
      traffic.get();
    }
  }

  @Test
  void aReloadThatChangesAllUpstreamsForgetsNothingOfTheirHeads(@TempDir Path dir)
      throws Exception {
    try (GatewayProcess gateway = new GatewayProcess(dir, chain(first, second));
        Admin admin = gateway.admin();
        RawClient client = gateway.client()) {
      for (int weight = 50; weight < 55; weight++) {
        askForHeads(client, 20);
        gateway.write(chain(first, second).replace("url:", "weight: " + weight + ", url:"));
        admin.calls().reloadConfig(ReloadConfigRequest.getDefaultInstance());
        askForHeads(client, 20);
      }
    }
  }

  @Test
  void whileReloadsExchangeAllUpstreamsEveryCallFindsSomebody(@TempDir Path dir) throws Exception {
    try (GatewayProcess gateway = new GatewayProcess(dir, chain(first, second));
        Admin admin = gateway.admin()) {
      AtomicBoolean stop = new AtomicBoolean();
      List<Future<?>> asking = new ArrayList<>();
      for (int i = 0; i < ASKING; i++) {
        asking.add(threads.submit(() -> askUntil(gateway, stop)));
      }
      for (int weight = 50; weight < 50 + RELOADS; weight++) {
        gateway.write(chain(first, second).replace("url:", "weight: " + weight + ", url:"));
        admin.calls().reloadConfig(ReloadConfigRequest.getDefaultInstance());
      }
      stop.set(true);
      for (Future<?> each : asking) {
        each.get();
      }
    }
  }

  private static Void askUntil(GatewayProcess gateway, AtomicBoolean stop) throws IOException {
    try (RawClient client = gateway.client()) {
      while (!stop.get()) {
        askForHeads(client, 1);
      }
    }
    return null;
  }

  private static void askForHeads(RawClient client, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      Answer answer =
          client.call(
              "/ethereum",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_blockNumber\",\"params\":[]}");
      assertTrue(answer.text().contains("\"result\""), answer.text());
    }
  }

  @Test
  void overridesSurviveRestartUntilTheyAreRestored(@TempDir Path dir) throws Exception {
    String target = "cloud:c" + first.uri().getPort();
    try (GatewayProcess gateway = new GatewayProcess(dir, chain(first, second))) {
      try (Admin admin = gateway.admin()) {
        admin.calls().drain(DrainRequest.newBuilder().setTarget(target).setReason("works").build());
      }
      assertOnlySecondServes(gateway);
      gateway.signal("TERM");
      assertEquals(0, gateway.await(), gateway::log);
      gateway.restart();
      assertOnlySecondServes(gateway);
      try (Admin admin = gateway.admin();
          RawClient client = gateway.client()) {
        assertEquals(
            Administrative.DRAINING,
            admin.upstream("u" + first.uri().getPort()).getAdministrative());
        admin.calls().restore(RestoreRequest.newBuilder().setTarget(target).build());
        Eventually.holds("it serves again", SOON, () -> ask(client).text().contains("first"));
      }
    }
  }

  /** Waits for calls to get somewhere while none may fail. */
  private static void awaitCalls(String what, Future<?> traffic, BooleanSupplier condition)
      throws Exception {
    Eventually.holds(what, SOON, () -> traffic.isDone() || condition.getAsBoolean());
    if (traffic.isDone()) {
      traffic.get();
    }
  }

  private void assertOnlySecondServes(GatewayProcess gateway) throws IOException {
    try (RawClient client = gateway.client()) {
      for (int i = 0; i < 50; i++) {
        assertTrue(ask(client).text().contains("second"));
      }
    }
  }

  private static Answer ask(RawClient client) {
    try {
      return client.call("/ethereum", BALANCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One connection, one call after the other, none of which may fail. */
  private static Void traffic(GatewayProcess gateway, AtomicBoolean stop) throws IOException {
    try (RawClient client = gateway.client()) {
      while (!stop.get()) {
        Answer answer = client.call("/ethereum", BALANCE);
        assertEquals(200, answer.status(), answer.text());
        assertFalse(answer.text().contains("error"), answer.text());
      }
    }
    return null;
  }
}
