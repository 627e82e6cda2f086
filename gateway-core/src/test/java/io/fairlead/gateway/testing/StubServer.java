package io.fairlead.gateway.testing;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 server: one thread a connection, bodies whole, and every way to misbehave.
 *
 * <p>Thread-safety: safe; the handler runs on the connection's thread, one request at a time.
 */
public final class StubServer implements AutoCloseable {
  private final Handler handler;
  private final int port;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("stub-server", true));
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket listener;

  /** Answers requests. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers one request through the reply, or not at all.
     *
     * @param request what came
     * @param reply where the answer goes
     * @throws IOException closes the connection
     */
    void handle(Request request, Reply reply) throws IOException;
  }

  /**
   * A request as it came.
   *
   * @param method the verb
   * @param target path and query
   * @param headers by lower-case name
   * @param body the whole body
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Request(String method, String target, Map<String, String> headers, byte[] body) {
    /**
     * The body as text.
     *
     * @return the body, read as UTF-8
     */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * A server that listens already.
   *
   * @param handler answers the requests
   */
  public StubServer(Handler handler) {
    this.handler = handler;
    try {
      this.port = Ports.unused();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listen();
  }

  /**
   * Where it listens.
   *
   * @return its URL, without a path
   */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Begins to listen, again after {@link #refuse()}; no effect while it listens. */
  public synchronized void listen() {
    if (listener != null) {
      return;
    }
    try {
      ServerSocket fresh = new ServerSocket();
      fresh.setReuseAddress(true);
      fresh.bind(Ports.loopback(port), 1024);
      listener = fresh;
      threads.execute(() -> accept(fresh));
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + ": " + e.getMessage(), e);
    }
  }

  /** Stops listening and cuts every connection, as the end of a process does. */
  public synchronized void refuse() {
    if (listener != null) {
      closeQuietly(listener);
      listener = null;
    }
    resetAll();
  }

  /** Resets every open connection. */
  public void resetAll() {
    connections.forEach(StubServer::reset);
  }

  /**
   * Connections open now.
   *
   * @return how many
   */
  public int connections() {
    return connections.size();
  }

  @Override
  public void close() {
    refuse();
    threads.shutdownNow();
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        Socket socket = from.accept();
        socket.setTcpNoDelay(true);
        if (tryKeep(from, socket)) {
          threads.execute(() -> serve(socket));
        }
      }
    } catch (IOException e) {
      closeQuietly(from); // closed by refuse()
    }
  }

  /** A connection that was accepted while the server stopped listening ends with the others. */
  private synchronized boolean tryKeep(ServerSocket from, Socket socket) {
    if (listener != from) {
      reset(socket);
      return false;
    }
    return connections.add(socket);
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      Reply reply = new Reply(socket);
      for (Request request = read(in); request != null; request = read(in)) {
        handler.handle(request, reply);
      }
    } catch (IOException e) {
      closeQuietly(socket); // the other side, or the test, ended the connection
    } finally {
      connections.remove(socket);
    }
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String line = readLine(in);
    if (line == null) {
      return null;
    }
    String[] parts = line.split(" ", -1);
    if (parts.length != 3) {
      throw new IOException("not a request line: '" + line + "'");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String field = readLine(in); field != null && !field.isEmpty(); field = readLine(in)) {
      int colon = field.indexOf(':');
      headers.put(
          field.substring(0, colon).toLowerCase(Locale.ROOT), field.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("the body ended early");
    }
    return new Request(parts[0], parts[1], headers, body);
  }

  private static @Nullable String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return line.toString().stripTrailing();
      }
      line.append((char) b);
    }
    return null;
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      closeQuietly(socket); // closed already
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }

  /** Where an answer goes; every method may be called by the handler only. */
  public static final class Reply {
    private final Socket socket;
    private final OutputStream out;

    private Reply(Socket socket) throws IOException {
      this.socket = socket;
      this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    /**
     * Answers 200 with a JSON body.
     *
     * @param body the body
     * @throws IOException if the connection is gone
     */
    public void json(byte[] body) throws IOException {
      send(200, Map.of("Content-Type", "application/json"), body);
    }

    /**
     * Answers 200 with a JSON body.
     *
     * @param body the body
     * @throws IOException if the connection is gone
     */
    public void json(String body) throws IOException {
      json(body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Answers whole.
     *
     * @param status the HTTP status
     * @param headers fields besides Content-Length
     * @param body the body
     * @throws IOException if the connection is gone
     */
    public void send(int status, Map<String, String> headers, byte[] body) throws IOException {
      head(status, headers, body.length);
      write(body, body.length);
    }

    /**
     * Begins an answer, whose body follows by {@link #write}.
     *
     * @param status the HTTP status
     * @param headers fields besides Content-Length
     * @param length the Content-Length that is promised
     * @throws IOException if the connection is gone
     */
    public void head(int status, Map<String, String> headers, long length) throws IOException {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
      headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      head.append("Content-Length: " + length + "\r\n\r\n");
      out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Sends bytes of the body and flushes.
     *
     * @param bytes where they are
     * @param length how many from the start
     * @throws IOException if the connection is gone
     */
    public void write(byte[] bytes, int length) throws IOException {
      out.write(bytes, 0, length);
      out.flush();
    }

    /**
     * Ends the connection politely.
     *
     * @throws IOException if that failed
     */
    public void close() throws IOException {
      socket.close();
    }

    /** Ends the connection with a reset. */
    public void reset() {
      StubServer.reset(socket);
    }
  }
}
