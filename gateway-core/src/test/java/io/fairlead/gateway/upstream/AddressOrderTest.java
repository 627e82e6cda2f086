package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which address of a host is tried when. */
final class AddressOrderTest {
  private static final long START = Long.MAX_VALUE - 5; // the clock may overflow

  private final AddressOrder order = new AddressOrder();

  private static List<InetAddress> addresses(String... texts) throws UnknownHostException {
    List<InetAddress> all = new ArrayList<>();
    for (String text : texts) {
      all.add(InetAddress.getByName(text));
    }
    return all;
  }

  @Test
  void familiesTakeTurnsAndTheResolversFirstBegins() throws UnknownHostException {
    assertEquals(
        addresses("10.0.0.1", "fd00::1", "10.0.0.2", "fd00::2", "10.0.0.3"),
        order.of(addresses("10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1", "fd00::2"), START));
    assertEquals(
        addresses("fd00::1", "10.0.0.1", "10.0.0.2"),
        order.of(addresses("fd00::1", "10.0.0.1", "10.0.0.2"), START));
  }

  @Test
  void theOneThatWorkedLastComesFirst() throws UnknownHostException {
    List<InetAddress> all = addresses("10.0.0.1", "10.0.0.2", "10.0.0.3");
    order.onConnected(all.get(2));
    assertEquals(addresses("10.0.0.3", "10.0.0.1", "10.0.0.2"), order.of(all, START));
    order.onFailed(all.get(2), START);
    assertEquals(all, order.of(all, START));
  }

  @Test
  void whatFailedIsTriedLastForAWhileTheLongestAgoFirst() throws UnknownHostException {
    List<InetAddress> all = addresses("10.0.0.1", "10.0.0.2", "10.0.0.3");
    order.onFailed(all.get(1), START);
    order.onFailed(all.get(0), START + 1);
    assertEquals(addresses("10.0.0.3", "10.0.0.2", "10.0.0.1"), order.of(all, START + 2));
    long whileNanos = TimeUnit.SECONDS.toNanos(AddressOrder.FAILED_SECONDS);
    assertEquals(
        addresses("10.0.0.3", "10.0.0.2", "10.0.0.1"), order.of(all, START + whileNanos - 1));
    assertEquals(addresses("10.0.0.2", "10.0.0.3", "10.0.0.1"), order.of(all, START + whileNanos));
    assertEquals(all, order.of(all, START + 1 + whileNanos));
  }

  @Test
  void anAddressThatConnectsIsForgiven() throws UnknownHostException {
    List<InetAddress> all = addresses("10.0.0.1", "10.0.0.2");
    order.onFailed(all.get(0), START);
    order.onConnected(all.get(0));
    assertEquals(all, order.of(all, START));
  }
}
