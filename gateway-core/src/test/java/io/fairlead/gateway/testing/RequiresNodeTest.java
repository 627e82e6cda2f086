package io.fairlead.gateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RequiresNodeTest {
  @Test
  void withoutNpmTheTestsAreSkippedAndSayWhy() {
    var outcome = RequiresNode.Condition.without("npm is not on the PATH", false);
    assertTrue(outcome.isDisabled());
    assertEquals(
        "SKIPPED for want of a real node: npm is not on the PATH",
        outcome.getReason().orElseThrow());
  }

  @Test
  void suchASkipFailsOnCi() {
    assertThrows(
        IllegalStateException.class,
        () -> RequiresNode.Condition.without("npm is not on the PATH", true));
  }
}
