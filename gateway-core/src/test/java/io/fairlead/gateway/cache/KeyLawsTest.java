package io.fairlead.gateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.fairlead.gateway.testing.RealTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two calls have one key exactly if they mean the same, over generated parameters. */
final class KeyLawsTest {
  private static final int ROUNDS = 20_000;
  private static final String[] WORDS = {
    "latest", "a", "b", "to", "0x1", "", "\",\"", "{}", "\\", "\n"
  };

  private final long seed = RealTime.CLOCK.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void keysAreEqualExactlyIfMeaningsAre() {
    for (int round = 0; round < ROUNDS; round++) {
      Object one = list(2);
      Object other = random.nextInt(3) == 0 ? one : random.nextBoolean() ? list(2) : changed(one);
      String first = spell(one);
      String second = spell(other);
      CallKey key = Messages.key("eth_feeHistory", first);
      CallKey otherKey = Messages.key("eth_feeHistory", second);
      assertNotNull(key, first);
      assertNotNull(otherKey, second);
      String where = "seed " + seed + ", round " + round + ": " + first + " and " + second;
      assertEquals(meaning(one).equals(meaning(other)), key.equals(otherKey), where);
    }
  }

  private Object value(int depth) {
    int sort = random.nextInt(depth > 0 ? 6 : 4);
    return switch (sort) {
      case 0 -> random.nextInt(3);
      case 1 -> random.nextBoolean();
      case 2 -> WORDS[random.nextInt(WORDS.length)];
      case 3 -> "0x" + Integer.toHexString(random.nextInt(4)).repeat(38 + random.nextInt(4));
      case 4 -> list(depth - 1);
      default -> map(depth - 1);
    };
  }

  private List<Object> list(int depth) {
    List<Object> list = new ArrayList<>();
    int size = random.nextInt(3);
    for (int i = 0; i < size; i++) {
      list.add(value(depth));
    }
    return list;
  }

  private Map<String, Object> map(int depth) {
    Map<String, Object> map = new TreeMap<>();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      map.put(
          random.nextInt(4) == 0 ? "0x" + "ab".repeat(20) : "k" + random.nextInt(5), value(depth));
    }
    return map;
  }

  /** The same with something put in or taken out somewhere at the top. */
  private Object changed(Object value) {
    List<Object> copy = new ArrayList<>((List<?>) value);
    if (copy.isEmpty() || random.nextBoolean()) {
      copy.add(random.nextInt(copy.size() + 1), value(1));
    } else {
      copy.remove(random.nextInt(copy.size()));
    }
    return copy;
  }

  /** Text that says unambiguously what a value means. */
  private static String meaning(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(KeyLawsTest::meaning).toList().toString();
    }
    if (value instanceof Map<?, ?> map) {
      StringBuilder text = new StringBuilder("{");
      map.forEach((k, v) -> text.append(meaning(k)).append('=').append(meaning(v)).append(';'));
      return text.append('}').toString();
    }
    return value instanceof String s ? s.length() + "'" + s + "'" : value.toString();
  }

  private String spell(Object value) {
    String text;
    if (value instanceof List<?> list) {
      text =
          "[" + String.join(space() + ",", list.stream().map(this::spell).toList()) + space() + "]";
    } else if (value instanceof Map<?, ?> map) {
      List<String> members = new ArrayList<>();
      map.forEach((k, v) -> members.add(spell(k) + ":" + spell(v)));
      Collections.shuffle(members, random);
      text = "{" + String.join(",", members) + space() + "}";
    } else {
      text = value instanceof String s ? quote(s) : value.toString();
    }
    return space() + text + space();
  }

  private String space() {
    return random.nextInt(4) == 0 ? " \n\t\r".substring(random.nextInt(4)) : "";
  }

  private String quote(String s) {
    StringBuilder text = new StringBuilder("\"");
    boolean upper = s.length() >= 42 && random.nextBoolean();
    String spelt = upper ? "0x" + s.substring(2).toUpperCase(Locale.ROOT) : s;
    for (int i = 0; i < spelt.length(); i++) {
      char c = spelt.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || random.nextInt(12) == 0) {
        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
