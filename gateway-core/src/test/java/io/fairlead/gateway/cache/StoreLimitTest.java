package io.fairlead.gateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.cache.FlightScene.Asked;
import io.fairlead.gateway.cache.FlightScene.Client;
import org.junit.jupiter.api.Test;

/**
 * Sixteen times as many different long answers as there is room for pass through the cache. {@code
 * -Dfairlead.passingMiB=1024} sends a GiB through 64 MiB.
 */
final class StoreLimitTest {
  private static final int PASSING_MIB = Integer.getInteger("fairlead.passingMiB", 64);
  private static final long MAX_BYTES = ((long) PASSING_MIB << 20) / 16;

  @Test
  void memoryStaysWithinItsLimitWhateverPasses() {
    try (FlightScene scene = new FlightScene(MAX_BYTES)) {
      int chunk = scene.store.largestBytes() / 4;
      String piece = "5".repeat(chunk);
      int rounds = (int) (16 * MAX_BYTES / (3L * chunk));
      int peak = 0;
      for (int round = 0; round < rounds; round++) {
        Client client = scene.ask(round % 2, "1", "eth_getCode", "[\"0x" + round + "\",\"0x10\"]");
        Asked asked = scene.asked.remove(0);
        asked.begin("\"" + piece);
        asked.goOn(piece);
        asked.goOn(piece + "\"");
        peak = Math.max(peak, (int) scene.store.copyingBytes());
        asked.finish();
        assertEquals(3 * chunk + 36, String.valueOf(client.answer).length());
        assertTrue(scene.store.usedBytes() <= MAX_BYTES, "kept: " + scene.store.usedBytes());
      }
      assertTrue(peak > 0 && peak <= MAX_BYTES / 4, "copying: " + peak);
      assertEquals(0, scene.store.copyingBytes());
      assertTrue(scene.store.usedBytes() > MAX_BYTES / 2, "kept: " + scene.store.usedBytes());
    }
  }

  @Test
  void copiesUnderWayAreBoundedTogether() {
    try (FlightScene scene = new FlightScene(MAX_BYTES)) {
      String most = "5".repeat(scene.store.largestBytes() - 1000);
      for (int i = 0; i < 16; i++) {
        scene.ask(i % 2, "1", "eth_getCode", "[\"0x" + i + "\",\"0x10\"]");
        scene.asked.get(i).begin("\"" + most);
        assertTrue(scene.store.copyingBytes() <= MAX_BYTES / 4, "after " + i);
      }
      scene.asked.forEach(asked -> asked.goOn("\""));
      scene.asked.forEach(Asked::finish);
      assertEquals(0, scene.store.copyingBytes());
      assertTrue(scene.store.size() < 16 && scene.store.size() > 0);
    }
  }
}
