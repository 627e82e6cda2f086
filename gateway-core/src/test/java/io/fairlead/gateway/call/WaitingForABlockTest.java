package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;
import io.fairlead.gateway.filter.FilterHandler;
import io.fairlead.gateway.filter.Filters;
import io.fairlead.gateway.logs.LogLimits;
import io.fairlead.gateway.logs.LogsHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A block is there, and the only node that is known to have it fails. */
final class WaitingForABlockTest {
  private static final String BROKEN = "\"error\":{\"code\":-32603,\"message\":\"Internal error\"}";
  private static final Duration SOON = Duration.ofMillis(600);

  private final Client client = new Client(Client.NOTHING);
  private final Filters filters = new Filters(new Random(3), 0);
  private final LogsHandler logs = new LogsHandler(new LogLimits(), 1);
  private final FilterHandler ofFilters = new FilterHandler(filters);
  private final CallScene scene = new CallScene(this::dispatch, "first", "late");
  private final CallScene.Node first = scene.node("first");
  private final CallScene.Node late = scene.node("late");
  private long lateHead = 100;

  private ActiveAnswer dispatch(Call call, CallMessage message, AnswerSink sink) {
    CallHandler by =
        switch (message.spec().dispatch()) {
          case LOGS -> logs;
          case FILTER -> ofFilters;
          default -> CallHandler.UPSTREAMS;
        };
    return by.start(call, message, sink);
  }

  @BeforeEach
  void begin() {
    first.standsAt(101);
    late.standsAt(100);
    scene.agree(101);
    scene.pass(Duration.ofMillis(200));
    late.answers = call -> answer(call, lateHead);
    first.answers = call -> BROKEN;
  }

  /** What a node at a height answers. */
  private static String answer(JsonNode call, long head) {
    JsonNode params = call.path("params");
    return switch (call.path("method").asText()) {
      case "eth_getBlockByNumber" -> block(params.path(0).asText(), head);
      case "eth_getLogs" -> head < 101 ? "\"result\":[]" : "\"result\":[\"log\"]";
      default ->
          Long.decode(params.path(1).asText()) > head
              ? "\"error\":{\"code\":-32000,\"message\":\"header not found\"}"
              : "\"result\":\"0x1\"";
    };
  }

  private static String block(String which, long head) {
    long number = which.equals("latest") ? head : Long.decode(which);
    return number > head
        ? "\"result\":null"
        : String.format(
            Locale.ROOT,
            "\"result\":{\"number\":\"0x%x\",\"hash\":\"%s\",\"parentHash\":\"%s\"}",
            number,
            hash(number),
            hash(number - 1));
  }

  private static String hash(long number) {
    return String.format(Locale.ROOT, "0x%064x", number);
  }

  private void lateArrives() {
    lateHead = 101;
    late.standsAt(101);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eth_getBalance       | ['0x1','0x65']",
        "eth_getBlockByNumber | ['0x65',false]",
        "eth_getLogs          | [{'fromBlock':'0x65','toBlock':'0x65'}]",
        "eth_getLogs          | [{'fromBlock':'0x60','toBlock':'latest'}]",
        "eth_getLogs          |"
            + " [{'blockHash':'0x0000000000000000000000000000000000000000000000000000000000000065'}]"
      })
  void theCallWaitsForAnotherToReachTheBlock(String method, String params) {
    client.raise(HeadTag.LATEST, 101);
    scene.later(Duration.ofMillis(400), this::lateArrives);
    CallScene.Told told = scene.call(client, method, params);
    scene.pass(Duration.ofMillis(300));
    assertNull(told.text());
    scene.pass(SOON);
    String text = told.text();
    assertNotNull(text);
    assertTrue(text.contains("\"result\":"), text);
    assertFalse(text.contains("null") || text.contains("[]"), text);
    assertTrue(first.count(method) > 0, "asked first");
  }

  @Test
  void itWaitsAlsoWhenNothingIsLeftToPayForRetries() {
    late.answers = call -> BROKEN;
    for (int i = 0; i < 200; i++) {
      scene.call(client, "eth_getBalance", "['0x1','0x10']");
    }
    scene.pass(Duration.ofMillis(20));
    late.answers = call -> answer(call, lateHead);
    scene.later(Duration.ofMillis(400), this::lateArrives);
    List<CallScene.Told> told = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      told.add(scene.call(client, "eth_getBalance", "['0x1','0x65']"));
    }
    scene.pass(Duration.ofSeconds(1));
    for (CallScene.Told one : told) {
      assertTrue(String.valueOf(one.text()).contains("\"result\":\"0x1\""), one.text());
    }
  }

  @Test
  void whoAnsweredFromBehindIsAskedAgainAsSoonAsItIsThere() {
    client.raise(HeadTag.LATEST, 101);
    scene.later(Duration.ofMillis(850), this::lateArrives);
    CallScene.Told told = scene.call(client, "eth_getBlockByNumber", "['latest',false]");
    scene.pass(Duration.ofMillis(840));
    assertNull(told.text());
    assertTrue(late.count("eth_getBlockByNumber") > 1, "tried meanwhile");
    scene.pass(Duration.ofMillis(60));
    assertTrue(String.valueOf(told.text()).contains("\"number\":\"0x65\""), told.text());
  }

  @Test
  void logsAreAskedOfWhoWasSeenAtTheirBlockBeforeTheTableKnows() {
    CallScene.Told told =
        scene.call(client, "eth_getLogs", "[{'fromBlock':'0x60','toBlock':'0x65'}]");
    scene.later(
        Duration.ofMillis(400),
        () -> {
          lateHead = 101;
          scene.board.onSeen(late.upstream(), 101, scene.nanoTime(), scene.nanoTime());
        });
    scene.pass(Duration.ofSeconds(1));
    assertTrue(String.valueOf(told.text()).contains("[\"log\"]"), told.text());
  }

  @Test
  void aPollAsksForLogsWhereTheirBlockIs() {
    first.answers = call -> answer(call, 101);
    String id = newFilter("eth_newFilter", "[{}]");
    first.standsAt(102);
    scene.agree(102);
    first.answers = call -> answer(call, 102);
    CallScene.Told told = scene.call(client, "eth_getFilterChanges", "['" + id + "']");
    scene.pass(Duration.ofMillis(100));
    assertTrue(String.valueOf(told.text()).contains("\"result\":["), told.text());
    assertEquals(1, first.count("eth_getLogs"));
    assertEquals(0, late.count("eth_getLogs"));
  }

  @Test
  void oneQuestionOfACallDemandsNothingOfTheNext() {
    List<Demand> demands = new ArrayList<>();
    CallScene nested =
        new CallScene(
            (call, message, sink) -> {
              demands.add(call.demand());
              if (demands.size() > 1) {
                return CallHandler.UPSTREAMS.start(call, message, sink);
              }
              String json = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"net_peerCount\"}";
              ByteBuf body = ByteBufUtil.writeAscii(call.loop().alloc(), json);
              CallMessage other = call.loop().toMessage(call.chain(), body);
              ActiveAnswer answer = call.chain().handler().start(call, other, sink);
              other.release();
              return answer;
            },
            "one",
            "two");
    nested.pass(Duration.ofMillis(200));
    nested.call(client, "eth_getBlockByNumber", "['latest',false]");
    nested.pass(Duration.ofMillis(100));
    assertEquals(2, demands.size());
    assertNotEquals(Demand.NONE, demands.get(0));
    assertEquals(Demand.NONE, demands.get(1));
  }

  @Test
  void onceEverybodyIsThereAndFailsNothingIsWaitedForAnyMore() {
    scene.later(
        Duration.ofMillis(400),
        () -> {
          lateArrives();
          late.answers = call -> BROKEN;
        });
    CallScene.Told told = scene.call(client, "eth_getBalance", "['0x1','0x65']");
    scene.pass(Duration.ofMillis(390));
    assertNull(told.text());
    scene.pass(Duration.ofMillis(60));
    assertTrue(String.valueOf(told.text()).contains("Internal error"), told.text());
  }

  private String newFilter(String method, String params) {
    CallScene.Told made = scene.call(client, method, params);
    scene.pass(Duration.ofMillis(100));
    return CallScene.parse(String.valueOf(made.text())).path("result").asText();
  }

  @Test
  void aPollOfAFilterWaitsTooAndLosesNothing() {
    first.answers = call -> answer(call, 101);
    String id = newFilter("eth_newBlockFilter", "[]");
    first.answers = call -> BROKEN;
    scene.later(Duration.ofMillis(400), this::lateArrives);
    CallScene.Told told = scene.call(client, "eth_getFilterChanges", "['" + id + "']");
    scene.pass(Duration.ofSeconds(1));
    String text = told.text();
    assertNotNull(text);
    assertTrue(text.contains("\"result\":[]"), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eth_getBalance | ['0x1','0x65']",
        "eth_getLogs    | [{'fromBlock':'0x60','toBlock':'0x65'}]"
      })
  void whoFailsIsNotAskedAgainAtEveryLookWhileTheCallWaits(String method, String params) {
    CallScene.Told told = scene.call(client, method, params);
    scene.pass(Duration.ofSeconds(9));
    assertTrue(String.valueOf(told.text()).contains("\"error\""), told.text());
    long asked = first.count(method);
    assertTrue(asked >= 3 && asked <= 6, asked + " times");
  }
}
