package io.fairlead.gateway.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends exactly the bytes it is given and shows exactly the bytes it gets: one
 * connection, HTTP/1.1.
 *
 * <p>Failure: an answer that does not come within 30 s, or is not well-formed HTTP, throws.
 */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int SILENCE_MILLIS = 50;

  /** Null for a connection by a Unix domain socket, which knows no timeouts. */
  private final @Nullable Socket socket;

  private final Closeable connection;
  private final InputStream in;
  private final OutputStream out;

  /**
   * An answer as it came.
   *
   * @param status the HTTP status
   * @param headers the fields in order, names in lower case
   * @param body the whole body, as it was on the wire but for chunks
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, List<Map.Entry<String, String>> headers, byte[] body) {
    /**
     * The body as text.
     *
     * @return the body, read as UTF-8
     */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * All values of a field.
     *
     * @param name its name in lower case
     * @return the values in order
     */
    public List<String> all(String name) {
      return headers.stream()
          .filter(h -> h.getKey().equals(name))
          .map(Map.Entry::getValue)
          .toList();
    }

    /**
     * The one value of a field.
     *
     * @param name its name in lower case
     * @return the value, or an empty string if the field is not there
     */
    public String header(String name) {
      List<String> values = all(name);
      if (values.size() > 1) {
        throw new IllegalStateException(name + " came " + values.size() + " times: " + values);
      }
      return values.isEmpty() ? "" : values.get(0);
    }

    /**
     * The body of a compressed answer.
     *
     * @return what was compressed
     * @throws IOException if it is not gzip
     */
    public String unzipped() throws IOException {
      try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
        return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  /**
   * A client with an open connection.
   *
   * @param server where to connect
   * @throws IOException if nobody listens
   */
  public RawClient(URI server) throws IOException {
    this(Ports.loopback(server.getPort()));
  }

  /**
   * A client with an open connection.
   *
   * @param server where to connect: an internet address or a Unix domain socket's
   * @throws IOException if nobody listens
   */
  public RawClient(SocketAddress server) throws IOException {
    this(server, 0);
  }

  /**
   * A client with an open connection that takes little at once.
   *
   * @param server where to connect
   * @param windowBytes how much the kernel takes before it is read, about; 0 for as much as usual
   * @throws IOException if nobody listens
   */
  public RawClient(SocketAddress server, int windowBytes) throws IOException {
    if (server instanceof UnixDomainSocketAddress unix) {
      SocketChannel channel = SocketChannel.open(unix);
      socket = null;
      connection = channel;
      in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
      out = Channels.newOutputStream(channel);
    } else {
      socket = connect(server, windowBytes);
      connection = socket;
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      out = socket.getOutputStream();
    }
  }

  private static Socket connect(SocketAddress server, int windowBytes) throws IOException {
    Socket socket = new Socket();
    if (windowBytes > 0) {
      socket.setReceiveBufferSize(windowBytes);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(server, TIMEOUT_MILLIS);
    return socket;
  }

  /**
   * Sends bytes as they are.
   *
   * @param bytes what to send
   * @throws IOException if the connection is gone
   */
  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /**
   * Sends text as it is.
   *
   * @param text what to send, with its line ends
   * @throws IOException if the connection is gone
   */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a POST of JSON.
   *
   * @param path the request's target
   * @param body the body
   * @param fields further header fields, whole lines without line ends
   * @throws IOException if the connection is gone
   */
  public void post(String path, String body, String... fields) throws IOException {
    post(path, body.getBytes(StandardCharsets.UTF_8), fields);
  }

  /**
   * Sends a POST of JSON.
   *
   * @param path the request's target
   * @param body the body
   * @param fields further header fields, whole lines without line ends
   * @throws IOException if the connection is gone
   */
  public void post(String path, byte[] body, String... fields) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: gateway.test\r\n");
    head.append("Content-Type: application/json\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    request.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    request.writeBytes(body);
    send(request.toByteArray());
  }

  /**
   * Sends a POST of JSON and reads its answer.
   *
   * @param path the request's target
   * @param body the body
   * @param fields further header fields, whole lines without line ends
   * @return the answer
   * @throws IOException if the connection is gone
   */
  public Answer call(String path, String body, String... fields) throws IOException {
    post(path, body, fields);
    return read();
  }

  /**
   * Reads the next answer whole.
   *
   * @return the answer
   * @throws IOException if the connection ended or the answer is malformed
   */
  public Answer read() throws IOException {
    Answer head = readHead();
    return new Answer(head.status(), head.headers(), body(head).readAllBytes());
  }

  /**
   * Reads the head of the next answer; {@link #body} must be read to its end before the next.
   *
   * @return the answer without its body
   * @throws IOException if the connection ended or the answer is malformed
   */
  public Answer readHead() throws IOException {
    String status = line();
    if (!status.matches("HTTP/1\\.1 \\d{3} .*")) {
      throw new IOException("not a status line: '" + status + "'");
    }
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String field = line(); !field.isEmpty(); field = line()) {
      int colon = field.indexOf(':');
      if (colon <= 0) {
        throw new IOException("not a header field: '" + field + "'");
      }
      String name = field.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.add(Map.entry(name, field.substring(colon + 1).strip()));
    }
    return new Answer(Integer.parseInt(status.substring(9, 12)), headers, new byte[0]);
  }

  /**
   * The body of the answer whose head was read last.
   *
   * @param head the head
   * @return its bytes, as they come; ending early is an error
   */
  public InputStream body(Answer head) {
    if (head.status() == 204 || head.status() == 304 || head.status() / 100 == 1) {
      return InputStream.nullInputStream();
    }
    boolean isChunked = head.header("transfer-encoding").equals("chunked");
    return new Body(isChunked ? 0 : Long.parseLong(head.header("content-length")), isChunked);
  }

  /**
   * Reads a byte that must come.
   *
   * @return 0 to 255
   * @throws IOException if the connection ended
   */
  public int readByte() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the connection ended");
    }
    return next;
  }

  /**
   * Reads bytes that must come.
   *
   * @param count how many
   * @return the bytes
   * @throws IOException if the connection ended before
   */
  public byte[] readBytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the connection ended " + (count - bytes.length) + " bytes early");
    }
    return bytes;
  }

  /**
   * Reads to the end of the connection.
   *
   * @return whether the server ended it, with nothing more to say
   * @throws IOException if it neither ends it nor says anything
   */
  public boolean isClosedByServer() throws IOException {
    return in.read() < 0;
  }

  /**
   * Listens for a moment.
   *
   * @return whether nothing came
   * @throws IOException if the connection broke
   */
  public boolean isSilent() throws IOException {
    Socket timed = Objects.requireNonNull(socket, "a Unix domain socket knows no timeouts");
    timed.setSoTimeout(SILENCE_MILLIS);
    try {
      in.mark(1);
      int next = in.read();
      in.reset();
      return next == Integer.MIN_VALUE;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      timed.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the connection ended after '" + line + "'");
      }
      line.append((char) b);
    }
    if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
      throw new IOException("a line without CR: '" + line + "'");
    }
    return line.substring(0, line.length() - 1);
  }

  /** The bytes of one body, in chunks or of a length known before. */
  private final class Body extends InputStream {
    private final boolean isChunked;
    private boolean isBegun;
    private boolean isEnded;
    private long left;

    Body(long length, boolean isChunked) {
      this.isChunked = isChunked;
      left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (left == 0 && isChunked && !isEnded) {
        nextChunk();
      }
      if (left == 0 || length == 0) {
        return left == 0 ? -1 : 0;
      }
      int count = in.read(to, offset, (int) Math.min(left, length));
      if (count < 0) {
        throw new IOException("the body ended " + left + " bytes early");
      }
      left -= count;
      return count;
    }

    private void nextChunk() throws IOException {
      if (isBegun && !line().isEmpty()) {
        throw new IOException("a chunk without its end");
      }
      isBegun = true;
      left = Long.parseLong(line(), 16);
      isEnded = left == 0;
      if (isEnded && !line().isEmpty()) {
        throw new IOException("trailers");
      }
    }
  }
}
