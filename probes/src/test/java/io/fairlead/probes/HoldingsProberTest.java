package io.fairlead.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoldingsProberTest {
  private static final Pattern HEIGHT = Pattern.compile("\"0x([0-9a-f]{1,16})\"");
  private static final String NO_METHOD = "\"error\":{\"code\":-32601,\"message\":\"no\"}";
  private static final String GONE =
      "\"error\":{\"code\":-32000,\"message\":\"missing trie node\"}";
  private static final long HEAD = 20_000_000;

  private final VirtualTime time = new VirtualTime();
  private final ProbeLedger ledger = new ProbeLedger();
  private final List<String> calls = new ArrayList<>();
  private final List<String> found = new ArrayList<>();
  private UnaryOperator<String> node = body -> NO_METHOD;
  private HoldingsProber prober = prober(20_000);

  private HoldingsProber prober(int dailyBudget) {
    ProbePolicy policy =
        new ProbePolicy(
            Duration.ofSeconds(1), Duration.ofSeconds(2), dailyBudget, Duration.ofSeconds(12));
    HoldingsProber made =
        new HoldingsProber(
            policy,
            new ProbeEnvironment(this::call, time, new Random(7), ledger),
            (id, sort, oldest) -> found.add(id + " " + sort + " " + oldest));
    made.setUpstreams(List.of("a"));
    return made;
  }

  private void call(String id, byte[] body, long timeoutNanos, ProbeCallback callback) {
    String text = new String(body, StandardCharsets.UTF_8);
    calls.add(text);
    String members = node.apply(text);
    if (!members.isEmpty()) {
      String answer = "{\"jsonrpc\":\"2.0\",\"id\":1," + members + "}";
      time.schedule(() -> callback.onAnswer(200, answer.getBytes(StandardCharsets.UTF_8)), 1_000);
    }
  }

  private long searches() {
    return calls.stream().filter(body -> !body.contains("eth_capabilities")).count();
  }

  /** A node that holds data from a block on, each sort in the shape of its answer. */
  private UnaryOperator<String> holdingFrom(long oldest) {
    return body -> {
      if (body.contains("eth_capabilities")) {
        return NO_METHOD;
      }
      boolean held = height(body) >= oldest;
      if (body.contains("eth_getBalance")) {
        return held ? "\"result\":\"0x0\"" : GONE;
      }
      if (body.contains("eth_getBlockByNumber")) {
        return held ? "\"result\":{\"number\":\"0x1\"}" : "\"result\":null";
      }
      return held ? "\"result\":[]" : GONE;
    };
  }

  private static long height(String body) {
    Matcher matcher = HEIGHT.matcher(body.replace("0x" + "0".repeat(40), ""));
    if (!matcher.find()) {
      throw new AssertionError(body);
    }
    return Long.parseLong(matcher.group(1), 16);
  }

  @Test
  void whatANodeSaysOfItselfIsTold() {
    node =
        body ->
            "\"result\":{\"head\":{\"number\":\"0x36\",\"hash\":\"0xab\"},"
                + "\"state\":{\"disabled\":false,\"oldestBlock\":\"0x10\","
                + "\"deleteStrategy\":{\"type\":\"window\",\"retentionBlocks\":\"0x5\"}},"
                + "\"tx\":{\"disabled\":false,\"oldestBlock\":\"0x0\"},"
                + "\"logs\":{\"disabled\":true},"
                + "\"blocks\":{\"disabled\":false,\"oldestBlock\":\"rubbish\"}}";
    time.pass(Duration.ofSeconds(30));
    found.sort(null);
    assertEquals(
        List.of("a LOGS " + HoldingsListener.NONE, "a STATE 16", "a TRANSACTIONS 0"), found);
    assertEquals(1, calls.size());
    time.pass(Duration.ofHours(23));
    assertTrue(calls.size() >= 20 && calls.size() <= 27, "asked " + calls.size() + " times");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", NO_METHOD, "\"result\":null", "\"result\":[]", "\"result\":\"0x1\""})
  void aNodeThatDoesNotSayItIsAskedSeldomAndTeachesNothing(String answer) {
    node = body -> answer;
    time.pass(Duration.ofDays(1));
    assertEquals(List.of(), found);
    assertTrue(calls.size() <= 160, "asked " + calls.size() + " times");
    calls.clear();
    node = body -> NO_METHOD;
    time.pass(Duration.ofDays(1));
    assertTrue(calls.size() <= 6, "asked " + calls.size() + " times");
  }

  @ParameterizedTest
  @EnumSource(
      value = DataSort.class,
      names = {"STATE", "LOGS", "RECEIPTS", "BLOCKS"})
  void afterAnErrorTheOldestBlockIsFoundInFewQuestions(DataSort sort) {
    long oldest = 17_345_678;
    node = holdingFrom(oldest);
    prober.onGap("a", sort, 1_000, HEAD);
    time.pass(Duration.ofMinutes(1));
    assertEquals(1, found.size());
    long said = Long.parseLong(found.get(0).substring(found.get(0).lastIndexOf(' ') + 1));
    assertTrue(said >= oldest && said <= oldest + 16, found.toString());
    assertTrue(searches() <= 21, "asked " + searches() + " times");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theFoundBlockIsThereWhereverTheEdgeIs(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      long gone = random.nextLong(HEAD - 1);
      long oldest = gone + 1 + random.nextLong(HEAD - gone);
      BoundSearch search = new BoundSearch(gone, HEAD);
      for (int steps = 0; !search.isOver(); steps++) {
        assertTrue(steps <= 21, "seed " + seed);
        search.onAnswer(search.next() >= oldest ? DataSort.Word.HELD : DataSort.Word.LACKING);
      }
      long said = search.oldest();
      assertTrue(said >= oldest && said <= oldest + 16, "seed " + seed);
    }
  }

  @Test
  void withoutAnErrorNothingIsSearchedFor() {
    node = holdingFrom(5_000);
    time.pass(Duration.ofDays(1));
    assertEquals(0, searches());
  }

  @Test
  void aHailOfErrorsStartsOneSearchInHalfAnHour() {
    node = holdingFrom(17_000_000);
    for (int i = 0; i < 1_000; i++) {
      prober.onGap("a", DataSort.STATE, i, HEAD);
      time.pass(Duration.ofSeconds(1));
    }
    assertTrue(searches() <= 21, "asked " + searches() + " times");
  }

  @Test
  void whatANodeSaysOfItselfIsNotSearchedFor() {
    node = body -> "\"result\":{\"state\":{\"disabled\":false,\"oldestBlock\":\"0x10\"}}";
    time.pass(Duration.ofSeconds(30));
    prober.onGap("a", DataSort.STATE, 5, HEAD);
    time.pass(Duration.ofMinutes(5));
    assertEquals(0, searches());
  }

  @Test
  void answersThatSayNothingEndASearchWithoutAWord() {
    node = body -> "\"error\":{\"code\":-32005,\"message\":\"slow down\"}";
    prober.onGap("a", DataSort.STATE, 5, HEAD);
    time.pass(Duration.ofMinutes(5));
    assertEquals(3, searches());
    assertEquals(List.of(), found);
  }

  @Test
  void aSmallBudgetIsKeptAndItsLastCallsAreForIdentity() {
    prober.stop();
    prober = prober(ProbePolicy.MIN_DAILY_BUDGET);
    node = holdingFrom(17_000_000);
    for (int hour = 0; hour < 48; hour++) {
      prober.onGap("a", DataSort.STATE, hour, HEAD);
      time.pass(Duration.ofHours(1));
    }
    assertEquals(0, calls.size(), "a burst of 12 has nothing beyond the reserve of 20");
  }

  @Test
  void afterTheEndNothingIsAskedOrTold() {
    node = holdingFrom(17_000_000);
    prober.onGap("a", DataSort.STATE, 5, HEAD);
    prober.stop();
    time.pass(Duration.ofDays(1));
    prober.onGap("a", DataSort.STATE, 5, HEAD);
    time.pass(Duration.ofDays(1));
    assertEquals(List.of(), calls);
    assertEquals(List.of(), found);
  }
}
