package io.fairlead.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.NetUtil;
import java.net.BindException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** The laws of choosing ports. */
class PortsTest {
  @Test
  void takenPortIsRefusedWhenItWasAskedForAndReplacedOtherwise() throws Exception {
    int port;
    try (ServerSocket other = new ServerSocket(0, 1, NetUtil.LOCALHOST4)) {
      port = other.getLocalPort();
      assertEquals(Ports.ANY, Ports.orAny(port));
      String said = assertThrows(BindException.class, () -> Ports.required(port)).getMessage();
      assertTrue(String.valueOf(said).contains(port + " is taken"));
    }
    assertEquals(port, Ports.orAny(port));
    assertEquals(port, Ports.required(port));
  }
}
