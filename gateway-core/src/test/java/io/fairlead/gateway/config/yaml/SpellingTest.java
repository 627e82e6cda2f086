package io.fairlead.gateway.config.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SpellingTest {
  private static final List<String> KEYS =
      List.of("url", "ws", "weight", "maxLag", "maxConcurrency", "tier", "timeout", "transport");

  @Test
  void nearWordsAreSuggested() {
    assertEquals(Optional.of("weight"), Spelling.suggest("wieght", KEYS));
    assertEquals(Optional.of("maxLag"), Spelling.suggest("max_lag", KEYS));
    assertEquals(Optional.of("maxConcurrency"), Spelling.suggest("maxconcurency", KEYS));
    assertEquals(Optional.of("url"), Spelling.suggest("ulr", KEYS));
    assertEquals(Optional.of("tier"), Spelling.suggest("teir", KEYS));
  }

  @Test
  void farWordsAreNot() {
    assertEquals(Optional.empty(), Spelling.suggest("colour", KEYS));
    assertEquals(Optional.empty(), Spelling.suggest("x", KEYS));
    assertEquals(Optional.empty(), Spelling.suggest("", KEYS));
  }

  @Test
  void swappedNeighboursCountOnce() {
    assertEquals(1, Spelling.distance("weight", "wieght"));
    assertEquals(3, Spelling.distance("", "abc"));
    assertEquals(0, Spelling.distance("same", "same"));
    assertEquals(3, Spelling.distance("kitten", "sitting"));
  }
}
