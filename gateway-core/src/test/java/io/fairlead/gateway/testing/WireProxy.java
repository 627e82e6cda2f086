package io.fairlead.gateway.testing;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One address of a node, whose wire can be made to fail: bytes pass as they are, so that HTTP and
 * WebSocket both do.
 *
 * <p>A fault begins and ends for every connection at once. The end of a connection is news like
 * bytes are: it stands still, or vanishes, with them.
 *
 * <p>Thread-safety: safe. Ownership: the test that makes it closes it.
 */
public final class WireProxy implements AutoCloseable {
  private static final long FOREVER_MILLIS = 3_600_000;
  private static final int BUFFER_BYTES = 1 << 16;

  private final int nodePort;
  private final int port;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("wire-proxy", true));
  private final Set<Way> ways = ConcurrentHashMap.newKeySet();
  private final AtomicInteger leftByClients = new AtomicInteger();
  private volatile Phase phase = new Phase(WireFault.NONE);
  private @Nullable ServerSocket listener;

  /** The time from one fault to the next. */
  private record Phase(WireFault fault, CountDownLatch ended) {
    Phase(WireFault fault) {
      this(fault, new CountDownLatch(1));
    }
  }

  /**
   * A proxy without a fault.
   *
   * @param node the node behind it
   */
  public WireProxy(URI node) {
    this.nodePort = node.getPort();
    try {
      this.port = Ports.unused();
      listen();
    } catch (IOException e) {
      throw new UncheckedIOException("no proxy for " + node, e);
    }
  }

  /**
   * Where it listens.
   *
   * @return its address for HTTP
   */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Where it listens.
   *
   * @return its address for WebSocket
   */
  public URI webSocketUri() {
    return URI.create("ws://127.0.0.1:" + port);
  }

  /**
   * Begins a fault, and ends the one before.
   *
   * @param fault what happens from now on
   */
  public synchronized void set(WireFault fault) {
    Phase before = phase;
    phase = new Phase(fault);
    switch (fault.kind()) {
      case RESET -> resetAll();
      case REFUSE -> refuse();
      case NONE, FREEZE, DROP, DELAY -> {
        if (before.fault.kind() == WireFault.Kind.DROP) {
          resetAll();
        }
      }
    }
    if (fault.kind() != WireFault.Kind.REFUSE) {
      relisten();
    }
    before.ended.countDown();
  }

  /** Ends the fault. */
  public void heal() {
    set(WireFault.NONE);
  }

  /**
   * Connections through it that are open now.
   *
   * @return how many
   */
  public int connections() {
    return ways.size();
  }

  /**
   * Connections that their clients have closed, whether or not the wire passes it on.
   *
   * @return how many since the start
   */
  public int leftByClients() {
    return leftByClients.get();
  }

  @Override
  public void close() {
    set(WireFault.of(WireFault.Kind.REFUSE));
    threads.shutdownNow();
  }

  private void relisten() {
    try {
      listen();
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + ": " + e.getMessage(), e);
    }
  }

  private synchronized void listen() throws IOException {
    if (listener == null) {
      ServerSocket fresh = new ServerSocket();
      fresh.setReuseAddress(true);
      fresh.bind(Ports.loopback(port), 1024);
      listener = fresh;
      threads.execute(() -> accept(fresh));
    }
  }

  private synchronized void refuse() {
    if (listener != null) {
      closeQuietly(listener);
      listener = null;
    }
    resetAll();
  }

  private void resetAll() {
    ways.forEach(Way::reset);
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        Socket client = from.accept();
        Socket node = new Socket();
        node.connect(Ports.loopback(nodePort));
        open(from, new Way(client, node));
      }
    } catch (IOException e) {
      closeQuietly(from); // closed by refuse()
    }
  }

  /** A connection that was accepted while the fault began is under the fault. */
  private synchronized void open(ServerSocket from, Way way) throws IOException {
    if (listener != from || phase.fault.kind() == WireFault.Kind.RESET) {
      way.reset();
      return;
    }
    way.client.setTcpNoDelay(true);
    way.node.setTcpNoDelay(true);
    ways.add(way);
    threads.execute(() -> pump(way, way.client, way.node));
    threads.execute(() -> pump(way, way.node, way.client));
  }

  private void pump(Way way, Socket from, Socket to) {
    try {
      byte[] buffer = new byte[BUFFER_BYTES];
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int length = in.read(buffer);
      for (; length >= 0; length = in.read(buffer)) {
        if (passes()) {
          out.write(buffer, 0, length);
        }
      }
      leftByClients.addAndGet(from == way.client ? 1 : 0);
      if (passes()) {
        way.end();
      }
    } catch (IOException e) {
      passes();
      way.reset(); // as one side ended, or the fault
    }
  }

  /** Waits as bytes have to; false if they vanish. */
  private boolean passes() {
    Phase now = phase;
    while (now.fault.kind() == WireFault.Kind.FREEZE) {
      Eventually.await(now.ended, FOREVER_MILLIS);
      now = phase;
    }
    if (now.fault.kind() == WireFault.Kind.DELAY) {
      Eventually.await(now.ended, now.fault.millis());
    }
    return now.fault.kind() != WireFault.Kind.DROP;
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }

  /** One connection of a client and the one that goes on to the node. */
  private final class Way {
    private final Socket client;
    private final Socket node;

    Way(Socket client, Socket node) {
      this.client = client;
      this.node = node;
    }

    void end() {
      ways.remove(this);
      closeQuietly(client);
      closeQuietly(node);
    }

    void reset() {
      linger(client);
      linger(node);
      end();
    }

    private void linger(Socket socket) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        closeQuietly(socket); // closed already
      }
    }
  }
}
