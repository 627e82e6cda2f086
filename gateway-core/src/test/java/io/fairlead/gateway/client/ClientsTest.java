package io.fairlead.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ClientsTest {
  private final InetAddress here = address(1);
  private final InetAddress there = address(2);

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aKeyIsOneClientFromWhereverItComes() {
    Clients clients = new Clients(100);
    assertSame(clients.of("key", here), clients.of("key", there));
    assertNotSame(clients.of("key", here), clients.of("other", here));
  }

  @Test
  void withoutAKeyTheAddressIsTheClient() {
    Clients clients = new Clients(100);
    assertSame(clients.of(null, here), clients.of(null, address(1)));
    assertNotSame(clients.of(null, here), clients.of(null, there));
    assertNotSame(clients.of(null, here), clients.of("key", here));
  }

  @Test
  void whoWasForgottenStillDoesNotSeeTheChainGoBack() {
    Clients clients = new Clients(2);
    for (int i = 0; i < 50; i++) {
      Client client = clients.ofKey("key" + i);
      assertTrue(client.floor(HeadTag.LATEST) <= i);
      client.raise(HeadTag.LATEST, i + 1);
    }
    for (int i = 0; i < 50; i++) {
      assertTrue(clients.ofKey("key" + i).floor(HeadTag.LATEST) >= i + 1, "client " + i);
    }
  }

  @Test
  void aNewClientWasToldNothing() {
    assertEquals(Client.NOTHING, new Clients(2).ofAddress(here).floor(HeadTag.LATEST));
  }
}
