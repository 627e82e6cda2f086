package io.fairlead.gateway.stream;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between client and node; swallows what passes, or cuts it, when told to. */
final class TcpRelay implements AutoCloseable {
  private final ServerSocket listener;
  private final int nodePort;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("tcp-relay", true));
  private final Set<Socket> clients = Collections.newSetFromMap(new ConcurrentHashMap<>());
  private volatile boolean isFrozen;
  private volatile boolean isRefusing;

  TcpRelay(int nodePort) {
    this.nodePort = nodePort;
    try {
      listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** From now on nothing passes, while connections stay open and new ones are accepted. */
  void freeze(boolean on) {
    isFrozen = on;
  }

  /** Resets all connections, and new ones as long as it refuses. */
  void reset(boolean refuses) {
    isRefusing = refuses;
    clients.forEach(TcpRelay::cut);
  }

  private static void cut(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        if (isRefusing) {
          cut(client);
        } else {
          clients.add(client);
          threads.execute(() -> relay(client));
        }
      }
    } catch (IOException e) {
      threads.shutdown();
    }
  }

  private void relay(Socket client) {
    try (client;
        Socket node = new Socket(InetAddress.getLoopbackAddress(), nodePort)) {
      threads.execute(() -> copy(client, node));
      copy(node, client);
    } catch (IOException e) {
      // One side went away; the other is closed.
    } finally {
      clients.remove(client);
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!isFrozen) {
          out.write(buffer, 0, n);
          out.flush();
        }
      }
    } catch (IOException e) {
      // The connection is over.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket client : clients) {
      client.close();
    }
    threads.shutdownNow();
  }
}
