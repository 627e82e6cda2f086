package io.fairlead.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How long a ticket can be used. */
final class TicketKeysTest {
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  private final TicketKeys keys = new TicketKeys(new SecureRandom(), START);

  @Test
  void aKeyIsKnownForAsLongAsSessionsLastAndThenForgotten() {
    OpenSslSessionTicketKey first = keys.all()[0];
    assertFalse(keys.tryRotate(START.plus(TicketKeys.PERIOD).minusNanos(1)));
    Instant now = START;
    for (int i = 1; i < TicketKeys.KNOWN; i++) {
      now = now.plus(TicketKeys.PERIOD);
      assertTrue(keys.tryRotate(now));
      assertNotSame(first, keys.all()[0], "a new one seals");
      assertSame(first, keys.all()[i], "the old one opens");
    }
    assertFalse(now.isBefore(START.plus(TicketKeys.LIFETIME)));
    assertTrue(keys.tryRotate(now.plus(TicketKeys.PERIOD)));
    assertEquals(TicketKeys.KNOWN, keys.all().length);
    for (OpenSslSessionTicketKey key : keys.all()) {
      assertNotSame(first, key);
    }
  }

  @Test
  void renewingForgetsAllKeys() {
    OpenSslSessionTicketKey first = keys.all()[0];
    keys.tryRotate(START.plus(TicketKeys.PERIOD));
    keys.renew(START);
    assertEquals(1, keys.all().length);
    assertFalse(Arrays.equals(first.name(), keys.all()[0].name()));
  }
}
