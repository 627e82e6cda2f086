package io.fairlead.gateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wire fails as the proofs believe it does. */
final class WireProxyTest {
  private static final int SOON_MILLIS = 20_000;
  private static final int MOMENT_MILLIS = 60;

  private final ServerSocket node = listen();
  private final WireProxy proxy =
      new WireProxy(URI.create("http://127.0.0.1:" + node.getLocalPort()));
  private Socket client;
  private Socket served;

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void connect() throws IOException {
    client = open();
    served = node.accept();
    served.setSoTimeout(SOON_MILLIS);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    served.close();
    proxy.close();
    node.close();
  }

  private Socket open() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.uri().getPort());
    socket.setSoTimeout(SOON_MILLIS);
    return socket;
  }

  private static boolean isSilent(Socket socket) throws IOException {
    socket.setSoTimeout(MOMENT_MILLIS);
    try {
      return socket.getInputStream().read() == Integer.MIN_VALUE;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(SOON_MILLIS);
    }
  }

  private static void send(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
  }

  private static void assertReset(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    assertThrows(IOException.class, () -> assertEquals(-1, in.read(), "ended politely, or"));
  }

  @Test
  void bytesPassBothWays() throws IOException {
    send(client, 1);
    assertEquals(1, served.getInputStream().read());
    send(served, 2);
    assertEquals(2, client.getInputStream().read());
    client.close();
    assertEquals(-1, served.getInputStream().read());
    Eventually.holds("it knows", Duration.ofSeconds(20), () -> proxy.connections() == 0);
  }

  @Test
  void whatFreezesPassesLater() throws IOException {
    proxy.set(WireFault.of(WireFault.Kind.FREEZE));
    send(client, 1);
    send(served, 2);
    assertTrue(isSilent(served));
    assertTrue(isSilent(client));
    try (Socket late = open()) {
      assertTrue(late.isConnected());
      proxy.heal();
      assertEquals(1, served.getInputStream().read());
      assertEquals(2, client.getInputStream().read());
    }
  }

  @Test
  void whatFreezesCanBeReset() throws IOException {
    proxy.set(WireFault.of(WireFault.Kind.FREEZE));
    send(client, 1);
    assertTrue(isSilent(served));
    proxy.set(WireFault.of(WireFault.Kind.RESET));
    assertReset(client);
  }

  @Test
  void resetEndsOldAndNewConnections() throws IOException {
    proxy.set(WireFault.of(WireFault.Kind.RESET));
    assertReset(client);
    try (Socket late = open()) {
      assertReset(late);
    }
  }

  private boolean isRefused() {
    try (Socket socket = open()) {
      return !socket.isConnected();
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void refusingLetsNobodyInUntilItHeals() throws IOException {
    proxy.set(WireFault.of(WireFault.Kind.REFUSE));
    assertReset(client);
    Eventually.holds("nobody is let in", Duration.ofSeconds(10), this::isRefused);
    proxy.heal();
    try (Socket late = open()) {
      assertTrue(late.isConnected());
    }
  }

  @Test
  void whatDropsIsLostAndTheConnectionWithIt() throws IOException {
    proxy.set(WireFault.of(WireFault.Kind.DROP));
    send(client, 1);
    assertTrue(isSilent(served));
    assertFalse(client.isClosed());
    proxy.heal();
    assertReset(client);
  }

  @Test
  void delayedBytesArriveInOrder() throws IOException {
    proxy.set(WireFault.delay(5));
    for (int i = 0; i < 5; i++) {
      send(client, i);
    }
    for (int i = 0; i < 5; i++) {
      assertEquals(i, served.getInputStream().read());
    }
  }
}
