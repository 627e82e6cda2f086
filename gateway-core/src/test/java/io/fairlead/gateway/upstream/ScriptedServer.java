package io.fairlead.gateway.upstream;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A TCP server that does to each connection exactly what a script says.
 *
 * <p>Thread-safety: safe; each connection's script runs on a thread of its own.
 */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Script script;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("scripted", true));
  private final Set<Socket> open = Collections.newSetFromMap(new ConcurrentHashMap<>());
  private final AtomicInteger connections = new AtomicInteger();

  /** What happens on one connection; the socket is closed when it returns or throws. */
  @FunctionalInterface
  interface Script {
    void run(Peer peer) throws IOException;
  }

  ScriptedServer(Script script) {
    this(ServerSocketFactory.getDefault(), script);
  }

  ScriptedServer(ServerSocketFactory sockets, Script script) {
    this.script = script;
    try {
      listener = sockets.createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** A server that answers each request of each connection with the same bytes. */
  static ScriptedServer answering(String answer) {
    return new ScriptedServer(
        peer -> {
          while (peer.readRequest() != null) {
            peer.send(answer);
          }
        });
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections were accepted so far. */
  int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        int number = connections.getAndIncrement();
        threads.execute(() -> serve(socket, number));
      }
    } catch (IOException e) {
      threads.shutdown();
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      socket.setTcpNoDelay(true);
      script.run(new Peer(socket, number));
    } catch (IOException e) {
      // The client went away; that is what some tests are about.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }

  /** The server's end of one connection. */
  static final class Peer {
    private final Socket socket;
    private final InputStream in;
    private final int number;

    private Peer(Socket socket, int number) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
      this.number = number;
    }

    /** 0 for the first connection, and so on. */
    int number() {
      return number;
    }

    /** One request with its body as text, or null at the end of the connection. */
    @Nullable String readRequest() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int b = in.read();
        if (b < 0) {
          return null;
        }
        head.write(b);
      }
      String text = head.toString(StandardCharsets.ISO_8859_1);
      int length = Integer.parseInt(text.replaceAll("(?s).*Content-Length: (\\d+)\r\n.*", "$1"));
      return text + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /** One request that must come. */
    String request() throws IOException {
      String request = readRequest();
      if (request == null) {
        throw new EOFException();
      }
      return request;
    }

    /** Reads so many bytes. */
    byte[] readBytes(int count) throws IOException {
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw new EOFException();
      }
      return bytes;
    }

    /** Reads one byte and leaves the rest where it is. */
    void readByte() throws IOException {
      if (in.read() < 0) {
        throw new IOException("end");
      }
    }

    /**
     * From now on a small piece waits until the one before is acknowledged, as without further ado.
     */
    void waitForAcknowledgements() throws IOException {
      socket.setTcpNoDelay(false);
    }

    void send(String text) throws IOException {
      send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Waits until the client closes; true if it did without sending more. */
    boolean awaitEnd() throws IOException {
      return in.read() < 0;
    }

    /** The TLS session of a connection to a server with a certificate. */
    SSLSession tlsSession() {
      return ((SSLSocket) socket).getSession();
    }

    /** What was chosen by ALPN; empty if nothing was. */
    String tlsProtocol() throws IOException {
      SSLSocket secure = (SSLSocket) socket;
      secure.startHandshake();
      String protocol = secure.getApplicationProtocol();
      return protocol == null ? "" : protocol;
    }

    /** Ends the connection with a RST. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
