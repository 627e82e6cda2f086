package io.fairlead.gateway.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FiltersTest {
  private static final long START = -TimeUnit.HOURS.toNanos(1);
  private static final BlockRef BLOCK = new BlockRef(7, "0xa", "0xb");
  private final Filters filters = new Filters(new Random(4), START);

  private String add(long now) {
    String id = filters.tryAdd(new BlockFilter(BLOCK, now), now);
    assertNotNull(id);
    return id;
  }

  @Test
  void anIdIsFoundHoweverItIsWritten() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String id = add(START);
      assertTrue(ids.add(id));
      Filter filter = filters.find(id, START);
      assertNotNull(filter);
      BigInteger number = new BigInteger(id.substring(2), 16);
      assertSame(filter, filters.find("0x" + number.toString(16), START));
      assertSame(filter, filters.find("0x00" + id.substring(2), START));
      assertSame(filter, filters.find(id.toUpperCase(Locale.ROOT), START));
      assertEquals(34, id.length());
    }
    assertNull(filters.find("0x1", START));
    assertNull(filters.find("nonsense", START));
  }

  @Test
  void whatNobodyUsesIsForgottenAndWhatIsUsedIsNot() {
    String idle = add(START);
    String used = add(START);
    long now = START + Filters.IDLE_NANOS;
    Filter filter = filters.find(used, now);
    assertNotNull(filter);
    assertTrue(filter.tryBegin(now));
    filter.end();
    long later = now + TimeUnit.SECONDS.toNanos(30);
    assertNull(filters.find(idle, later));
    assertSame(filter, filters.find(used, later));
  }

  @Test
  void oneIsNotForgottenWhileItIsPolled() {
    String id = add(START);
    Filter filter = filters.find(id, START);
    assertNotNull(filter);
    assertTrue(filter.tryBegin(START));
    assertTrue(!filter.tryBegin(START));
    assertSame(filter, filters.find(id, START + 3 * Filters.IDLE_NANOS));
  }

  @Test
  void memoryIsBounded() {
    int count = 0;
    while (filters.tryAdd(new BlockFilter(BLOCK, START), START) != null) {
      count++;
    }
    long bytes = (long) count * new BlockFilter(BLOCK, START).weightBytes();
    assertTrue(bytes <= Filters.MOST_BYTES, bytes + " bytes");
    assertTrue(count > Filters.MOST_FILTERS / 3, count + " filters");
    assertEquals(count, filters.size());
    long later = START + 2 * Filters.IDLE_NANOS;
    assertNotNull(filters.tryAdd(new BlockFilter(BLOCK, later), later));
    assertEquals(1, filters.size());
  }
}
