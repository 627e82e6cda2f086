package io.fairlead.gateway.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ports for tests, handed out side by side. */
final class PortsTest {
  private static final int MANY = 250;

  @Test
  void noPortIsGivenTwiceNorToTwo() throws IOException {
    Ports one = new Ports();
    Ports other = new Ports();
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      assertTrue(given.add(one.take()));
      assertTrue(given.add(other.take()));
    }
  }
}
