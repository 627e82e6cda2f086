package io.fairlead.gateway.fuzz;

import static org.junit.jupiter.api.Assertions.fail;

import io.fairlead.gateway.jsonrpc.RequestTarget;
import io.fairlead.gateway.jsonrpc.verdict.AnswerTarget;
import io.fairlead.gateway.rpc.FramingTarget;
import io.fairlead.gateway.websocket.FrameTarget;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every target takes its committed inputs and some hundreds made of them.
 *
 * <p>{@code -Dfairlead.fuzz.seed} and {@code -Dfairlead.fuzz.inputs} make it another or a longer
 * run.
 */
final class ShortFuzzTest {
  private static final long SEED = Long.getLong("fairlead.fuzz.seed", 20_261_121);
  private static final int INPUTS = Integer.getInteger("fairlead.fuzz.inputs", 500);

  static List<Arguments> targets() {
    return List.of(
        Arguments.of("requests", new RequestTarget()),
        Arguments.of("answers", new AnswerTarget()),
        Arguments.of("frames", new FrameTarget()),
        Arguments.of("configurations", new ConfigTarget()),
        Arguments.of("framing", new FramingTarget()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void whatHoldsForAnyBytesHoldsForThese(String name, FuzzTarget target) {
    List<byte[]> seeds = Seeds.of(name);
    seeds.forEach(input -> take(name, target, input));
    Mutations mutations = new Mutations(seeds, new Random(SEED));
    for (int i = 0; i < INPUTS; i++) {
      take(name, target, mutations.next());
    }
  }

  private static void take(String name, FuzzTarget target, byte[] input) {
    try {
      target.take(input);
    } catch (RuntimeException | Error e) {
      fail(name + ", seed " + SEED + ": " + Base64.getEncoder().encodeToString(input), e);
    }
  }
}
