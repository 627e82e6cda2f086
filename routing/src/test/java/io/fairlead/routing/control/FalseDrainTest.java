package io.fairlead.routing.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.control.Mill.Spread;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nobody innocent is drained, however often calls fail everywhere.
 *
 * <p>How many calls each case plays is {@code -Dfairlead.falseDrain.calls}, a few hundred thousand
 * by default. The long run that docs/routing.md reports is
 *
 * <pre>  mvn -pl routing test -Dfast -Dtest=FalseDrainTest -Dfairlead.falseDrain.calls=100000000
 * </pre>
 */
class FalseDrainTest {
  private static final long CALLS = Long.getLong("fairlead.falseDrain.calls", 300_000);
  private static final long SEED = Long.getLong("fairlead.falseDrain.seed", 1);

  @ParameterizedTest(name = "{0} fail, spread {1}")
  @CsvSource({"0.005, EVEN", "0.005, NEAR", "0.02, EVEN", "0.02, NEAR", "0.05, EVEN", "0.05, NEAR"})
  void whatFailsEverywhereAlikeDrainsNobody(double everywhere, Spread spread) {
    Mill mill = new Mill(SEED, spread, 1500).failing(everywhere);
    while (mill.calls < CALLS) {
      mill.run(Mill.SECOND);
    }
    assertEquals(0, mill.drains(), () -> mill.calls + " calls, seed " + SEED + mill.events);
  }

  /** Within a second at the latest, though nothing is retried here that would show who is well. */
  @ParameterizedTest(name = "spread {0}")
  @CsvSource({"EVEN", "NEAR"})
  void theSameMillDrainsARegionThatFails(Spread spread) {
    Mill mill = new Mill(SEED, spread, 1500).failing(0.005).run(10 * Mill.SECOND);
    mill.region(0, 0.3, 1).run(1200 * Mill.MILLI);
    assertTrue(mill.shareOf(0, MethodClass.LIGHT) < 0.05, "" + mill.events);
  }
}
