package io.fairlead.gateway.demo.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The laws of what counts as a right answer. */
class AnswerJudgeTest {
  private static final PlannedCall.Item ONE = new PlannedCall.Item("1", "m", "[]", "\"a\""::equals);
  private static final PlannedCall.Item TWO =
      new PlannedCall.Item("\"\\u0032\"", "m", "[]", "[{}]"::equals);

  private static Outcome.Kind judge(PlannedCall call, int status, String body) {
    return AnswerJudge.judge(call, status, body.getBytes(StandardCharsets.UTF_8)).kind();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RIGHT  | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"a\"}",
        "RIGHT  | { \"result\" : \"a\" , \"id\" : 1 }",
        "WRONG  | {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"a\"}",
        "WRONG  | {\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":\"a\"}",
        "WRONG  | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"b\"}",
        "WRONG  | {\"jsonrpc\":\"2.0\",\"id\":1}",
        "WRONG  | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"a\"} {}",
        "WRONG  | {\"jsonrpc\":\"2.0\",\"id\":1,\"resu",
        "WRONG  | <html>",
        "FAILED | {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32002,\"message\":\"x\"}}",
      })
  void onlyTheAskedAndTrueIsRight(Outcome.Kind expected, String body) {
    assertEquals(expected, judge(PlannedCall.single(ONE), 200, body));
  }

  @Test
  void httpErrorFailsWhateverTheBody() {
    assertEquals(
        Outcome.Kind.FAILED, judge(PlannedCall.single(ONE), 503, "{\"id\":1,\"result\":\"a\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RIGHT  | [{\"id\":1,\"result\":\"a\"},{\"id\":\"\\u0032\",\"result\":[{}]}]",
        "WRONG  | [{\"id\":\"\\u0032\",\"result\":[{}]},{\"id\":1,\"result\":\"a\"}]",
        "WRONG  | [{\"id\":1,\"result\":\"a\"}]",
        "WRONG  | [{\"id\":1,\"result\":\"a\"},{\"id\":\"\\u0032\",\"result\":[{}]},{}]",
        "FAILED | {\"id\":null,\"error\":{\"code\":1,\"message\":\"x\"}}",
      })
  void batchIsRightWhenEveryMemberIsAndInOrder(Outcome.Kind expected, String body) {
    assertEquals(expected, judge(new PlannedCall(List.of(ONE, TWO), true), 200, body));
  }
}
