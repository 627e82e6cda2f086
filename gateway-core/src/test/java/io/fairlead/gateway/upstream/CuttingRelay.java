package io.fairlead.gateway.upstream;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between client and server and cuts TLS: alerts of the server, and with them the end it
 * announces, do not pass; the TCP connection ends in order.
 */
final class CuttingRelay implements AutoCloseable {
  private static final int RECORD_HEADER_BYTES = 5;

  private final ServerSocket listener;
  private final int serverPort;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("relay", true));

  CuttingRelay(int serverPort) throws IOException {
    this.serverPort = serverPort;
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    threads.execute(this::relay);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void relay() {
    try (Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      threads.execute(() -> copy(client, server));
      passUpToTheFirstAlert(server.getInputStream(), client);
    } catch (IOException e) {
      // One side went away; the test sees what the client makes of it.
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The connection is over.
    }
  }

  private static void passUpToTheFirstAlert(InputStream in, Socket client) throws IOException {
    while (true) {
      byte[] header = in.readNBytes(RECORD_HEADER_BYTES);
      if (header.length < RECORD_HEADER_BYTES) {
        return;
      }
      byte[] body = in.readNBytes((header[3] & 0xff) << 8 | (header[4] & 0xff));
      if (isAlert(header, body)) {
        return;
      }
      client.getOutputStream().write(header);
      client.getOutputStream().write(body);
      client.getOutputStream().flush();
    }
  }

  /**
   * An alert in the clear, or a TLS 1.3 record that is too short for anything else: 2 bytes, type,
   * tag and the 16 bytes with which the JDK pads.
   */
  private static boolean isAlert(byte[] header, byte[] body) {
    return header[0] == 21 || (header[0] == 23 && body.length <= 2 + 1 + 16 + 16);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
