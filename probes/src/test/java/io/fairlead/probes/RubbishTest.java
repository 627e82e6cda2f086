package io.fairlead.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.fairlead.routing.evidence.AttemptResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RubbishTest {
  private static final int ROUNDS = 50_000;
  private static final List<Question> QUESTIONS = List.of(Question.values());
  private static final List<String> SEEDS =
      List.of(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + FakeNode.block(100, "a") + "}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"Ok\":{\"currentBlock\":\"0x1\"}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"data\":[1,{\"a\":2}]}}",
          "{\"id\":1,\"error\":\"boom\"}",
          "<html><body>502 Bad Gateway</body></html>");

  @Test
  void mutatedAnswersNeverThrowWhateverTheQuestion() {
    long seed = 20_261_120;
    Random random = new Random(seed);
    UpstreamFacts facts =
        new UpstreamFacts(
            new EvmExpectation(1),
            new ProbePolicy(
                Duration.ofSeconds(1), Duration.ofSeconds(1), 1_000, Duration.ofSeconds(1)));
    for (int round = 0; round < ROUNDS; round++) {
      byte[] body = mutate(SEEDS.get(random.nextInt(SEEDS.size())), random);
      Question question = QUESTIONS.get(random.nextInt(QUESTIONS.size()));
      int status = random.nextInt(4) == 0 ? random.nextInt(1000) : 200;
      Verdict verdict = UpstreamLessons.learn(facts, question, Verdict.of(status, body), round);
      assertNotNull(verdict.outcome(), () -> "seed " + seed);
      facts.identity(round, random.nextLong(), random.nextBoolean());
      facts.position(round, random.nextLong());
    }
  }

  private static byte[] mutate(String text, Random random) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(6); i > 0; i--) {
      int at = random.nextInt(body.length);
      switch (random.nextInt(3)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body[at] = (byte) "{}[]\",:0123456789ex-".charAt(random.nextInt(20));
        default -> System.arraycopy(body, at, body, 0, body.length - at);
      }
    }
    return random.nextInt(5) == 0
        ? java.util.Arrays.copyOf(body, random.nextInt(body.length))
        : body;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}]",
        "{}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"0x1\"}",
        "{\"jsonrpc\":\"2.0\",\"result\":\"0x1\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}{\"id\":1}",
        "<html></html>"
      })
  void whatIsNotOneWholeAnswerToOurCallIsAFailure(String body) {
    Verdict verdict = Verdict.of(200, body.getBytes(StandardCharsets.UTF_8));
    assertEquals(AttemptResult.FAILED, verdict.outcome(), verdict.problem());
  }

  @Test
  void deepNestingIsAFailureAndNoStackOverflow() {
    String deep = "[".repeat(100_000);
    Verdict verdict =
        Verdict.of(200, ("{\"id\":1,\"result\":" + deep).getBytes(StandardCharsets.UTF_8));
    assertEquals(AttemptResult.FAILED, verdict.outcome());
  }

  @Test
  void anUpstreamsOwnWordsAreNeverRepeated() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.add("a", "aws");
    node.rubbish =
        "{\"id\":1,\"error\":{\"code\":-32603,\"message\":\"key s3cr3t is bad\"}}"
            .getBytes(StandardCharsets.UTF_8);
    world.start().pass(Duration.ofSeconds(30));
    assertFalse(world.reports.isEmpty());
    assertFalse(world.reports.stream().anyMatch(report -> report.contains("s3cr3t")));
  }

  @Test
  void lateAndDoubledAnswersAreDropped() {
    VirtualTime time = new VirtualTime();
    int[] ends = {0};
    ProbeCallback[] kept = new ProbeCallback[1];
    ProbePort port = (id, body, timeoutNanos, callback) -> kept[0] = callback;
    ProbeEnvironment world = new ProbeEnvironment(port, time, new Random(1));
    Exchange exchange = new Exchange(world, Question.HEAD, 10, (q, verdict, took) -> ends[0]++);
    exchange.send("a", 10);
    time.pass(Duration.ofNanos(10));
    assertEquals(1, ends[0]);
    kept[0].onAnswer(200, new byte[0]);
    kept[0].onFailure(false, "closed");
    assertEquals(1, ends[0]);
  }
}
