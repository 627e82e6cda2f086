package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Fault;
import io.fairlead.gateway.testing.FaultProxy;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.transaction.Signed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.Credentials;

/** The gateway is killed in the middle of a broadcast storm, while no node can be reached. */
@RequiresNode
final class OutboxCrashTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ACCOUNTS = 5;
  private static final int WITH_NODES = 60;
  private static final int WITHOUT_NODES = 120;

  @TempDir Path dir;
  private final Anvil anvil = Anvil.start(Anvil.CHAIN_ID, "--block-time", "1");
  private final List<FaultProxy> regions =
      List.of(
          new FaultProxy(anvil.uri()), new FaultProxy(anvil.uri()), new FaultProxy(anvil.uri()));
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool(daemons());

  private static ThreadFactory daemons() {
    return task -> {
      Thread thread = Executors.defaultThreadFactory().newThread(task);
      thread.setDaemon(true);
      return thread;
    };
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    regions.forEach(FaultProxy::close);
    anvil.close();
  }

  private String yaml() {
    return String.format(
        Locale.ROOT,
        """
        transactions: { broadcast: 2, outbox: on, confirmations: 2 }
        routing: { timeout: 4s }
        chains:
          test:
            chainId: %d
            blockTime: 1s
            upstreams:
              - { id: aws, url: "%s", cloud: aws, region: a }
              - { id: gcp, url: "%s", cloud: gcp, region: b }
              - { id: hetzner, url: "%s", cloud: hetzner, region: c }
        """,
        Anvil.CHAIN_ID,
        regions.get(0).uri(),
        regions.get(1).uri(),
        regions.get(2).uri());
  }

  /** Sends an account's transactions one by one, until one is not acknowledged. */
  private void storm(GatewayProcess gateway, Credentials account) {
    try (RawClient client = gateway.client()) {
      for (long nonce = 0; ; nonce++) {
        byte[] raw = Signed.gift(account, Anvil.CHAIN_ID, nonce);
        String call =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_sendRawTransaction\",\"params\":[\"0x"
                + HexFormat.of().formatHex(raw)
                + "\"]}";
        JsonNode result = JSON.readTree(client.call("/test", call).body()).path("result");
        if (!result.isTextual()) {
          return;
        }
        acknowledged.add(result.asText());
      }
    } catch (IOException e) {
      return; // the gateway is gone
    }
  }

  private void awaitAcknowledged(int transactions) {
    Eventually.holds(
        () -> "acknowledged " + acknowledged.size(),
        LONG,
        () -> acknowledged.size() >= transactions);
  }

  @Test
  void whatWasAcknowledgedReachesTheChain(TestReporter report) throws Exception {
    try (GatewayProcess gateway = new GatewayProcess(dir, yaml())) {
      List<Future<?>> storms = new ArrayList<>();
      for (int i = 0; i < ACCOUNTS; i++) {
        Credentials account = Credentials.create(Anvil.key(i));
        storms.add(threads.submit(() -> storm(gateway, account)));
      }
      awaitAcknowledged(WITH_NODES);
      regions.forEach(region -> region.set(Fault.of(Fault.Kind.REFUSE)));
      awaitAcknowledged(acknowledged.size() + WITHOUT_NODES);
      gateway.signal("KILL");
      gateway.await();
      for (Future<?> storm : storms) {
        storm.get();
      }
      regions.forEach(FaultProxy::heal);
      long before = mined();
      gateway.restart();
      Eventually.holds(
          () -> mined() + " of " + acknowledged.size() + " are mined; log: " + gateway.log(),
          LONG,
          () -> mined() == acknowledged.size());
      assertTrue(before < acknowledged.size(), "the outage kept some from the chain");
      report.publishEntry(
          "acknowledged " + acknowledged.size() + ", mined before the restart " + before);
    }
  }

  private long mined() {
    return acknowledged.stream().filter(this::isMined).count();
  }

  /** The node may end a connection at the very moment at which it is used again. */
  private boolean isMined(String hash) {
    try {
      return anvil.call("eth_getTransactionReceipt", hash).isObject();
    } catch (IllegalStateException e) {
      return anvil.call("eth_getTransactionReceipt", hash).isObject();
    }
  }
}
