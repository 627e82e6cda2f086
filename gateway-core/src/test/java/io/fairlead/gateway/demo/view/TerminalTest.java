package io.fairlead.gateway.demo.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The laws of what is asked of a terminal. */
class TerminalTest {
  @Test
  void dumbTerminalGetsNoScreen() {
    assertEquals(Optional.empty(), Terminal.style(Map.of(), 80, true));
    assertEquals(Optional.empty(), Terminal.style(Map.of("TERM", "dumb"), 80, true));
    assertEquals(
        Optional.of(new Style(80, true, true)), Terminal.style(Map.of("TERM", "xterm"), 80, true));
  }

  @Test
  void anyNonEmptyNoColorTurnsColoursOff() {
    assertEquals(
        Optional.of(new Style(80, false, true)),
        Terminal.style(Map.of("TERM", "xterm", "NO_COLOR", "1"), 80, true));
    assertEquals(
        Optional.of(new Style(80, true, false)),
        Terminal.style(Map.of("TERM", "xterm", "NO_COLOR", ""), 80, false));
  }

  @Test
  void columnsAreANumber() {
    assertEquals(OptionalInt.of(132), Terminal.columns("132"));
    assertEquals(OptionalInt.empty(), Terminal.columns("0"));
    assertEquals(OptionalInt.empty(), Terminal.columns("wide"));
    assertEquals(OptionalInt.empty(), Terminal.columns(null));
  }
}
