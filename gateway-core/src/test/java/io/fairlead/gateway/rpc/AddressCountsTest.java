package io.fairlead.gateway.rpc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AddressCountsTest {
  @Test
  void anAddressGetsItsPlaceBackWhenAConnectionEnds() throws UnknownHostException {
    InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    AddressCounts counts = new AddressCounts(2);
    assertTrue(counts.tryAdd(address));
    assertTrue(counts.tryAdd(address));
    assertFalse(counts.tryAdd(address));
    assertTrue(counts.tryAdd(other));
    counts.remove(address);
    assertTrue(counts.tryAdd(address));
    assertFalse(counts.tryAdd(address));
  }
}
