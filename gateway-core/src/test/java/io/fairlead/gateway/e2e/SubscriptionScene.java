package io.fairlead.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Told;
import io.fairlead.gateway.testing.WireFault;
import io.fairlead.gateway.testing.WireProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One real node behind four addresses in three clouds, three of them with WebSocket and one that
 * has to be polled, and a gateway before them.
 */
final class SubscriptionScene implements AutoCloseable {
  static final List<String> UPSTREAMS = List.of("aws-1", "gcp-1", "hetzner-1", "aws-2");
  private static final Duration SOON = Duration.ofSeconds(60);

  final MinedChain chain;
  final List<WireProxy> ways;
  final GatewayFixture gateway;

  SubscriptionScene(long seed) {
    chain = new MinedChain(new SplittableRandom(seed));
    ways = Stream.generate(() -> new WireProxy(chain.anvil().uri())).limit(4).toList();
    gateway = GatewayFixture.start(yaml(100));
    gateway.awaitServing("test", UPSTREAMS.size(), SOON);
  }

  /** The configuration, with the weight of the one that is polled. */
  String yaml(int weight) {
    return String.format(
        Locale.ROOT,
        """
        probes: { dailyBudget: 10000000 }
        chains:
          test:
            chainId: %d
            blockTime: 1s
            upstreams:
              - { id: aws-1, url: "%s", ws: "%s", cloud: aws, region: us-east-1 }
              - { id: gcp-1, url: "%s", ws: "%s", cloud: gcp, region: europe-west4 }
              - { id: hetzner-1, url: "%s", ws: "%s", cloud: hetzner, region: fsn1 }
              - { id: aws-2, url: "%s", cloud: aws, region: us-east-2, weight: %d }
        """,
        Anvil.CHAIN_ID,
        ways.get(0).uri(),
        ways.get(0).webSocketUri(),
        ways.get(1).uri(),
        ways.get(1).webSocketUri(),
        ways.get(2).uri(),
        ways.get(2).webSocketUri(),
        ways.get(3).uri(),
        weight);
  }

  /** Where clients subscribe. */
  URI url() {
    return gateway.webSocket("/test");
  }

  /** Makes blocks until a client has been told of a block and of a log. */
  void warmUp(List<Watcher> watchers) {
    for (Watcher watcher : watchers) {
      Eventually.holds(
          () -> watcher.name() + " is told: " + watcher.told().troubles(),
          SOON,
          () -> !watcher.told().heads().isEmpty() && !watcher.told().logs().isEmpty());
    }
  }

  /** Waits until all were told of the chain's last block and of all its logs. */
  void awaitAllTold(List<Watcher> watchers) {
    JsonNode block = chain.anvil().call("eth_getBlockByNumber", "latest", false);
    String hash = block.get("hash").asText();
    long last = Long.decode(block.get("number").asText());
    int logs = chain.anvil().call("eth_getLogs", Map.of("blockHash", hash)).size();
    for (Watcher watcher : watchers) {
      Told told = watcher.told();
      Eventually.holds(
          () ->
              String.format(
                  Locale.ROOT,
                  "%s is told of block %d and its %d logs, not only of %s; troubles: %s",
                  watcher.name(),
                  last,
                  logs,
                  told.heads().stream().map(Told.Head::number).toList(),
                  told.troubles()),
          SOON,
          () ->
              told.heads().stream().anyMatch(head -> head.number() == last)
                  && told.logs().stream().filter(log -> log.hash().equals(hash)).count() >= logs);
    }
  }

  /** Waits until a client was told of the chain's last block, whether or not it has logs. */
  void awaitHeads(Watcher watcher) {
    long last = chain.anvil().blockNumber();
    Eventually.holds(
        () -> "block " + last + " is told; troubles: " + watcher.told().troubles(),
        SOON,
        () -> watcher.told().heads().stream().anyMatch(head -> head.number() == last));
  }

  /** Lets time pass for the world outside. */
  static void hold(long millis) {
    try {
      if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody opens it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  void heal() {
    ways.forEach(way -> way.set(WireFault.NONE));
  }

  @Override
  public void close() {
    gateway.close();
    ways.forEach(WireProxy::close);
    chain.close();
  }
}
