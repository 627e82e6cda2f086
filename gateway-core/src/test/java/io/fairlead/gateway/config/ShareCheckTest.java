package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShareCheckTest {
  private static final String TWO_CLOUDS =
      """
      chains:
        eth:
          upstreams:
            - { url: "http://a.example", cloud: aws, vendor: acme }
            - { url: "http://b.example", cloud: aws, vendor: bolt }
            - { url: "http://c.example", cloud: gcp, vendor: acme }
      """;

  private static ConfigResult parse(String text) {
    return ConfigLoader.parse(Path.of("fairlead.yaml"), text, Map.of());
  }

  private static List<String> warnings(String text) {
    ConfigResult.Loaded loaded = assertInstanceOf(ConfigResult.Loaded.class, parse(text));
    return loaded.warnings().stream().map(Problem::toString).toList();
  }

  @Test
  void aCapThatCannotBeMetIsToldWithItsArithmetic() {
    assertEquals(
        List.of(
            "fairlead.yaml:7:31: warning: routing.maxShare.cloud: 40% (expected: 50% or more: chain"
                + " eth has 2 of kind cloud, 2 x 40% carry 80% of its calls; the cap will yield"
                + " before a call is lost)"),
        warnings(TWO_CLOUDS + "routing: { maxShare: { cloud: 40% } }\n"));
  }

  @Test
  void capsThatCanHoldAreFine() {
    assertEquals(List.of(), warnings(TWO_CLOUDS + "routing: { maxShare: { cloud: 60% } }\n"));
    assertEquals(List.of(), warnings(TWO_CLOUDS));
  }

  @Test
  void capsThatCanHoldAloneButNotTogetherAreToldTogether() {
    assertEquals(
        List.of(
            "fairlead.yaml:9:22: warning: routing.maxShare: cloud 55%, vendor 40% (expected: caps"
                + " that some split of chain eth can keep: together they carry 95% of its calls;"
                + " they will yield before a call is lost)"),
        warnings(
            TWO_CLOUDS
                + "      - { url: \"http://d.example\", cloud: aws, vendor: core }\n"
                + "\n"
                + "routing: { maxShare: { cloud: 55%, vendor: 40% } }\n"));
  }

  @Test
  void whoIsInNoDomainOfAKindIsBoundByNoCapOfIt() {
    String home = TWO_CLOUDS + "      - { url: \"http://d.example\" }\n";
    assertEquals(List.of(), warnings(home + "routing: { maxShare: { cloud: 40% } }\n"));
  }

  @Test
  void whoTakesNoTrafficCarriesNone() {
    String standby = TWO_CLOUDS.replace("cloud: gcp", "weight: 0, cloud: gcp");
    assertEquals(
        1,
        warnings(standby + "routing: { maxShare: { cloud: 60% } }\n").size(),
        "one cloud is left");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maxShare: { cloud: 0% }    | routing.maxShare.cloud: 0% (expected: a share from 1% to"
            + " 100%)",
        "maxShare: { cloud: 101% }  | routing.maxShare.cloud: 101% (expected: a share from 1% to"
            + " 100%)",
        "retry: { budget: 120% }    | routing.retry.budget: 120% (expected: a share from 0% to"
            + " 100%)",
        "retry: { attempts: 0 }     | routing.retry.attempts: 0 (expected: 1 to 10)",
        "hedge: { budget: -1% }     | routing.hedge.budget: -1% (expected: a share from 0% to"
            + " 100%)",
        "bias: 11                   | routing.bias: 11 (expected: a number from 0 to 10)",
      })
  void capsAndBudgetsOutOfRangeAreRefusedWithTheRange(String routing, String message) {
    ConfigResult.Refused refused =
        assertInstanceOf(
            ConfigResult.Refused.class, parse(TWO_CLOUDS + "routing: { " + routing + " }\n"));
    assertEquals(List.of(message), refused.problems().stream().map(Problem::message).toList());
  }
}
