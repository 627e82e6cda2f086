package io.fairlead.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientTest {
  private static final long HOLD = 1000;

  private final Client client = new Client(Client.NOTHING);
  private final Upstream a = upstream("a", 0);
  private final Upstream b = upstream("b", 1);

  private static Upstream upstream(String id, int slot) {
    List<FailureDomain> domains = List.of(FailureDomain.cloud("c-" + id));
    return new Upstream("chain", slot, new UpstreamSpec(id, domains, 100, 0, Integer.MAX_VALUE));
  }

  @Test
  void aFloorOnlyRises() {
    client.raise(HeadTag.LATEST, 7);
    client.raise(HeadTag.LATEST, 5);
    assertEquals(7, client.floor(HeadTag.LATEST));
    assertEquals(Client.NOTHING, client.floor(HeadTag.SAFE));
    client.raise(HeadTag.FINALIZED, 3);
    assertEquals(3, client.floor(HeadTag.FINALIZED));
  }

  @Test
  void aWriteIsHeldUntilItsTimeIsUp() {
    assertFalse(client.hasWrites());
    client.onAccepted("0x1", List.of(a), 100);
    assertNotNull(client.newestWrite(100 + HOLD - 1, HOLD));
    assertNull(client.newestWrite(100 + HOLD, HOLD));
    assertFalse(client.hasWrites());
  }

  @Test
  void aWriteIsHeldUntilItsReceiptWasSeen() {
    client.onAccepted("0x1", List.of(a), 100);
    client.onAccepted("0x2", List.of(b), 100);
    client.onReceiptSeen("0x2");
    assertNull(client.write("0x2", 101, HOLD));
    assertNotNull(client.write("0x1", 101, HOLD));
  }

  @Test
  void furtherAcceptancesJoinTheFirst() {
    client.onAccepted("0x1", List.of(a), 100);
    client.onAccepted("0x1", List.of(b), 900);
    Write write = client.newestWrite(901, HOLD);
    assertNotNull(write);
    assertTrue(write.isKnownTo(a) && write.isKnownTo(b));
    assertNull(client.newestWrite(100 + HOLD, HOLD));
  }

  @Test
  void onlyTheNewestWritesAreKept() {
    for (int i = 0; i <= Client.MOST_WRITES; i++) {
      client.onAccepted("0x" + i, List.of(a), 100);
    }
    assertNull(client.write("0x0", 100, HOLD));
    assertNotNull(client.write("0x1", 100, HOLD));
    Write newest = client.newestWrite(100, HOLD);
    assertNotNull(newest);
    assertEquals("0x" + Client.MOST_WRITES, newest.hash());
  }

  @Test
  void settlingAnOldReadKeepsANewerOne() {
    client.onPinnedRead(a, 1);
    PinnedRead first = client.pinnedRead();
    assertNotNull(first);
    client.onPinnedRead(a, 2);
    client.settle(first);
    assertEquals(new PinnedRead(a, 2), client.pinnedRead());
    client.settle(new PinnedRead(a, 2));
    assertNull(client.pinnedRead());
  }
}
