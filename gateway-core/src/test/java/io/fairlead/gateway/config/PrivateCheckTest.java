package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PrivateCheckTest {
  private static final String OPEN = "{ url: \"http://a.example\" }";
  private static final String RELAY = "{ url: \"http://b.example\", tags: [private] }";

  private static ConfigResult parse(String isPrivate, String... upstreams) {
    String text =
        "transactions: { private: "
            + isPrivate
            + " }\nchains:\n  eth: { upstreams: ["
            + String.join(", ", upstreams)
            + "] }\n";
    return ConfigLoader.parse(Path.of("f"), text, Map.of());
  }

  private static List<String> warnings(ConfigResult result) {
    ConfigResult.Loaded loaded = assertInstanceOf(ConfigResult.Loaded.class, result);
    return loaded.warnings().stream().map(Problem::message).toList();
  }

  @Test
  void privateTransactionsNeedAPrivateUpstreamOnEachChain() {
    ConfigResult.Refused refused = assertInstanceOf(ConfigResult.Refused.class, parse("on", OPEN));
    assertEquals(
        List.of(
            "f:1:26: transactions.private: on, and no upstream of eth has tags: [private]"
                + " (expected: one)"),
        refused.problems().stream().map(Problem::toString).toList());
    assertEquals(List.of(), warnings(parse("on", OPEN, RELAY)));
    assertEquals(List.of(), warnings(parse("off", OPEN)));
  }

  @Test
  void aPrivateUpstreamWithoutPrivateTransactionsIsTold() {
    assertEquals(
        List.of(
            "warning: chains.eth: its private upstreams get no raw transaction (expected:"
                + " transactions.private: on)"),
        warnings(parse("off", OPEN, RELAY)));
  }

  @Test
  void aChainThatNobodyCanReadIsTold() {
    assertEquals(
        List.of(
            "warning: chains.eth: all upstreams are private: nobody serves reads (expected: one"
                + " without the tag)"),
        warnings(parse("on", RELAY)));
  }

  @Test
  void aMisspeltTagIsRefused() {
    assertInstanceOf(
        ConfigResult.Refused.class, parse("on", OPEN, RELAY.replace("[private]", "[privat]")));
  }
}
