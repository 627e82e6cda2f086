package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Fault;
import io.fairlead.gateway.testing.FaultProxy;
import io.fairlead.gateway.testing.JsonRpcClient;
import io.fairlead.gateway.testing.RequiresNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The calls by which ethers and web3 follow a contract, while the ways to a real node fail. */
@RequiresNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilterOnRealNodeTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Code that runs while a contract is made: one log without topics or data. */
  private static final String EMIT = "0x60006000a0";

  private final Anvil anvil = Anvil.start();
  private final List<FaultProxy> ways =
      Stream.generate(() -> new FaultProxy(anvil.uri())).limit(2).toList();
  private final GatewayFixture gateway =
      GatewayFixture.start(
          String.format(
              Locale.ROOT,
              """
              chains:
                test:
                  chainId: %d
                  blockTime: 1s
                  upstreams:
                    - { id: aws-1, url: "%s", cloud: aws }
                    - { id: gcp-1, url: "%s", cloud: gcp }
              """,
              Anvil.CHAIN_ID,
              ways.get(0).uri(),
              ways.get(1).uri()));
  private final JsonRpcClient client = new JsonRpcClient(gateway.rpc("/test"));

  @AfterAll
  void stop() {
    gateway.close();
    ways.forEach(FaultProxy::close);
    anvil.close();
  }

  private void emit() {
    String from = anvil.call("eth_accounts").get(0).asText();
    anvil.call("eth_sendTransaction", Map.of("from", from, "data", EMIT));
  }

  @Test
  void everyLogIsToldOnceWhileTheWaysToTheNodeFailInTurn() {
    gateway.awaitServing("test", 2, SOON);
    String filter = client.call("eth_newFilter", Map.of("topics", List.of())).asText();
    List<String> told = new ArrayList<>();
    int emitted = 0;
    for (Fault.Kind kind :
        List.of(Fault.Kind.NONE, Fault.Kind.REFUSE, Fault.Kind.HTTP_500, Fault.Kind.RESET)) {
      for (FaultProxy way : ways) {
        way.set(Fault.of(kind));
        for (int i = 0; i < 3; i++) {
          emit();
          emitted++;
          poll(filter, told);
        }
        way.heal();
        gateway.awaitServing("test", 2, SOON);
      }
    }
    int all = emitted;
    Eventually.holds(
        () -> told.size() + " of " + all + " logs are told",
        SOON,
        () -> {
          poll(filter, told);
          return told.size() >= all;
        });
    assertEquals(all, told.stream().distinct().count());
    assertEquals(all, told.size());
    assertTrue(client.call("eth_uninstallFilter", filter).asBoolean());
  }

  /** Who is told that nobody has the block yet asks again, as any client that polls. */
  private void poll(String filter, List<String> told) {
    JsonNode changes;
    try {
      changes = client.call("eth_getFilterChanges", filter);
    } catch (IllegalStateException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("-32002"), e::toString);
      return;
    }
    for (JsonNode log : changes) {
      told.add(log.get("blockHash").asText() + log.get("logIndex").asText());
    }
  }
}
