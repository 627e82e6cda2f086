package io.fairlead.gateway.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.probes.ProbeCallback;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainIdInquiryTest {
  private final Map<String, ProbeCallback> asked = new HashMap<>();
  private final List<Long> learnt = new ArrayList<>();
  private final ManualScheduler scheduler = new ManualScheduler();
  private final ChainIdInquiry inquiry =
      new ChainIdInquiry(
          List.of("a", "b", "c"),
          new ChainIdInquiry.Means(
              (id, body, timeout, callback) -> asked.put(id, callback), scheduler, 1_000_000),
          learnt::add);

  @Test
  void mostOfThoseThatAnswerDecide() {
    inquiry.start();
    answer("a", "0x1");
    answer("b", "0x89");
    assertEquals(List.of(), learnt);
    answer("c", "0x1");
    assertEquals(List.of(1L), learnt);
  }

  @Test
  void aTieSettlesNothingAndIsAskedAgain() {
    inquiry.start();
    answer("a", "0x1");
    answer("b", "0x89");
    asked.remove("c").onFailure(true, "no answer in time");
    assertEquals(List.of(), learnt);
    scheduler.advance(Duration.ofSeconds(1));
    answer("a", "0x1");
    answer("b", "0x89");
    answer("c", "0x89");
    assertEquals(List.of(137L), learnt);
  }

  @Test
  void nothingIsLearntOnceItHasStopped() {
    inquiry.start();
    inquiry.stop();
    answer("a", "0x1");
    answer("b", "0x1");
    answer("c", "0x1");
    assertEquals(List.of(), learnt);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "[]",
        "{\"result\":1}",
        "{\"result\":\"0x\"}",
        "{\"result\":\"0xfffffffffffffffff\"}",
        "{\"error\":{\"code\":-32601}}",
        "{\"result\":",
      })
  void rubbishIsNoChainId(String body) {
    assertEquals(-1, ChainIdInquiry.chainIdIn(body.getBytes(StandardCharsets.UTF_8)));
  }

  private void answer(String id, String chainId) {
    String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"" + chainId + "\"}";
    asked.remove(id).onAnswer(200, body.getBytes(StandardCharsets.UTF_8));
  }
}
