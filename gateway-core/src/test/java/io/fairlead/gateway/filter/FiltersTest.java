package io.fairlead.gateway.filter;

import static io.fairlead.gateway.filter.Filters.Admission.Refused.BY_SHARE;
import static io.fairlead.gateway.filter.Filters.Admission.Refused.BY_TOTAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.filter.Filters.Admission.Kept;
import io.fairlead.gateway.jsonrpc.JsonMembers;
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
  private final Client client = new Client(Client.NOTHING);
  private final Filters filters = new Filters(new Random(4), START);

  private String add(long now) {
    return ((Kept) filters.tryAdd(client, new BlockFilter(BLOCK, now), now)).id();
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
  void memoryIsBoundedForOneAndForAll() {
    int count = 0;
    int greedy = 0;
    while (greedy < 2 * Filters.MOST_FILTERS / Filters.MOST_FILTERS_OF_ONE) {
      int ofOne = fill(new Client(Client.NOTHING));
      assertTrue(ofOne <= Filters.MOST_FILTERS_OF_ONE, ofOne + " filters");
      count += ofOne;
      greedy++;
    }
    long bytes = (long) count * new BlockFilter(BLOCK, START).weightBytes();
    assertTrue(bytes <= Filters.MOST_BYTES, bytes + " bytes");
    assertTrue(count > Filters.MOST_FILTERS / 3, count + " filters");
    assertEquals(count, filters.size());
    assertEquals(BY_TOTAL, filters.tryAdd(client, new BlockFilter(BLOCK, START), START));
    long later = START + 2 * Filters.IDLE_NANOS;
    add(later);
    assertEquals(1, filters.size());
    assertEquals(1, filters.clients());
  }

  private int fill(Client greedy) {
    int count = 0;
    while (filters.tryAdd(greedy, new BlockFilter(BLOCK, START), START) instanceof Kept) {
      count++;
    }
    return count;
  }

  @Test
  void whoMakesFiltersWithoutEndTakesThemFromItselfAlone() {
    String before = add(START);
    Client greedy = new Client(Client.NOTHING);
    fill(greedy);
    assertEquals(BY_SHARE, filters.tryAdd(greedy, new BlockFilter(BLOCK, START), START));
    assertNotNull(filters.find(before, START));
    assertNotNull(filters.find(add(START), START));
  }

  @Test
  void whatAClientRemovesItMayMakeAnew() {
    Filter filter = new BlockFilter(BLOCK, START);
    for (int i = 0; i < 2 * Filters.MOST_FILTERS; i++) {
      assertTrue(filters.remove(add(START)));
    }
    assertEquals(0, filters.clients());
    fill(client);
    assertEquals(BY_SHARE, filters.tryAdd(client, filter, START));
  }

  @Test
  void fewLargeFiltersAreTooManyAsWell() {
    String address = "\"0x" + "a".repeat(40) + '"';
    String text = "{\"address\":[" + (address + ",").repeat(600) + address + "]}";
    LogFilter.Criteria criteria = LogFilter.Criteria.of(JsonMembers.ascii(text));
    assertNotNull(criteria);
    int count = 0;
    while (filters.tryAdd(client, new LogFilter(criteria, BLOCK, START), START) instanceof Kept) {
      count++;
    }
    long bytes = (long) count * new LogFilter(criteria, BLOCK, START).weightBytes();
    assertTrue(bytes <= Filters.MOST_BYTES_OF_ONE, bytes + " bytes");
    assertTrue(bytes > Filters.MOST_BYTES_OF_ONE * 0.9, bytes + " bytes");
  }
}
