package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.ConfigResult.Loaded;
import io.fairlead.gateway.config.ConfigResult.Refused;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When community answers are cross-checked, and what of that is refused. */
final class VerifyKeysTest {
  private static final String TRUSTED = "- { id: t, url: http://t, cloud: aws }";
  private static final String HOME = "- { id: a, url: http://a, cloud: home, kind: community }";
  private static final String NEIGHBOUR =
      "- { id: b, url: http://b, cloud: home, kind: community }";

  private static ConfigResult parse(String verify, String... upstreams) {
    String text =
        "chains:\n  c:\n" + verify + "    upstreams:\n      " + String.join("\n      ", upstreams);
    return ConfigLoader.parse(Path.of("f.yaml"), text, Map.of());
  }

  private static ChainConfig chain(ConfigResult result) {
    assertTrue(result instanceof Loaded, result::toString);
    return Objects.requireNonNull(((Loaded) result).config().chains().get("c"));
  }

  @Test
  void nothingIsCheckedUntilSomebodyIsOfTheCommunity() {
    assertTrue(chain(parse("", TRUSTED)).verification().isEmpty());
    ChainConfig mixed = chain(parse("", TRUSTED, HOME));
    VerifyConfig verify = mixed.verification().orElseThrow();
    assertEquals(2, verify.quorum());
    assertEquals(Set.of("a"), mixed.community());
    assertTrue(verify.methods().contains("eth_call"));
    assertFalse(verify.methods().contains("eth_estimateGas"), "clients estimate differently");
  }

  @Test
  void itCanBeTurnedOff() {
    assertTrue(chain(parse("    verify: off\n", TRUSTED, HOME)).verification().isEmpty());
  }

  @Test
  void aQuorumThatNoDomainsCanMakeIsRefusedWhereItStands() {
    ConfigResult result = parse("    verify: { quorum: 2 }\n", HOME, NEIGHBOUR);
    String problems = ((Refused) result).problems().toString();
    assertTrue(
        problems.contains("f.yaml:3:23: chains.c.verify.quorum: 2 (expected: at most 1"), problems);
    assertTrue(parse("    verify: { quorum: 2 }\n", HOME, TRUSTED) instanceof Loaded);
    assertTrue(parse("    verify: { quorum: 3 }\n", HOME, TRUSTED) instanceof Refused);
  }

  @Test
  void whoWroteNothingIsWarnedThatNothingIsChecked() {
    ConfigResult result = parse("", HOME, NEIGHBOUR);
    assertTrue(chain(result).verification().isEmpty());
    assertEquals(1, ((Loaded) result).warnings().size(), result::toString);
  }
}
