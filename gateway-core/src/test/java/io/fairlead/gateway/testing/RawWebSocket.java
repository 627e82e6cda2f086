package io.fairlead.gateway.testing;

import io.fairlead.gateway.testing.RawClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A WebSocket client that sends exactly the frames, or bytes, it is given and shows each frame that
 * it gets.
 *
 * <p>Failure: a frame that does not come within 30 s throws.
 */
public final class RawWebSocket implements AutoCloseable {
  /** Opcode of a continuation. */
  public static final int CONTINUATION = 0;

  /** Opcode of text. */
  public static final int TEXT = 1;

  /** Opcode of binary. */
  public static final int BINARY = 2;

  /** Opcode of a close frame. */
  public static final int CLOSE = 8;

  /** Opcode of a ping. */
  public static final int PING = 9;

  /** Opcode of a pong. */
  public static final int PONG = 10;

  /** The bit of the last frame of a message. */
  public static final int FIN = 0x80;

  /** The bit of a compressed message. */
  public static final int RSV1 = 0x40;

  private static final List<String> FIELDS =
      List.of(
          "Upgrade: websocket",
          "Connection: keep-alive, Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13");
  private static final byte[] MASK = {0x12, (byte) 0x9a, 0x56, (byte) 0xf0};

  private final RawClient client;

  /**
   * A frame as it came.
   *
   * @param first the byte with opcode, FIN and reserved bits
   * @param payload what it carries
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Frame(int first, byte[] payload) {
    /** Its opcode. */
    public int opcode() {
      return first & 0xf;
    }

    /** Whether the message ends with it. */
    public boolean isLast() {
      return (first & FIN) != 0;
    }

    /** What it carries, as UTF-8. */
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a close frame, 1005 if it has none. */
    public int code() {
      if (opcode() != CLOSE) {
        throw new IllegalStateException("not a close frame: " + first + " " + text());
      }
      return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
    }
  }

  /**
   * A client on a connection that has not been upgraded.
   *
   * @param client the connection; closed with this
   */
  public RawWebSocket(RawClient client) {
    this.client = client;
  }

  /**
   * Opens a connection that is upgraded.
   *
   * @param client the connection; closed with the result
   * @param path the request's target
   * @param more further header fields
   * @return the open WebSocket
   * @throws IOException if it is refused
   */
  public static RawWebSocket open(RawClient client, String path, String... more)
      throws IOException {
    RawWebSocket socket = new RawWebSocket(client);
    Answer answer = socket.ask(path, more);
    if (answer.status() != 101) {
      throw new IOException("refused: " + answer.status() + " " + answer.text());
    }
    return socket;
  }

  /**
   * Asks for the upgrade.
   *
   * @param path the request's target
   * @param more further header fields
   * @return the answer
   * @throws IOException if none comes
   */
  public Answer ask(String path, String... more) throws IOException {
    client.send(request(path, more));
    return client.read();
  }

  /** The bytes of a request for the upgrade. */
  public static String request(String path, String... more) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: gateway.test\r\n"
        + String.join("\r\n", FIELDS)
        + "\r\n"
        + String.join("", Arrays.stream(more).map(f -> f + "\r\n").toList())
        + "\r\n";
  }

  /** The connection under it. */
  public RawClient client() {
    return client;
  }

  /**
   * The bytes of a frame as clients send it.
   *
   * @param first the byte with opcode, FIN and reserved bits
   * @param payload what it carries
   * @return head, mask and masked payload
   */
  public static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    if (payload.length < 126) {
      out.write(0x80 | payload.length);
    } else if (payload.length <= 0xffff) {
      out.write(0x80 | 126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    } else {
      out.write(0x80 | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    out.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ MASK[i & 3]);
    }
    return out.toByteArray();
  }

  /** Sends a frame. */
  public void send(int first, byte[] payload) throws IOException {
    client.send(frame(first, payload));
  }

  /** Sends a text message in one frame. */
  public void send(String text) throws IOException {
    send(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a close frame. */
  public void sendClose(int code) throws IOException {
    send(FIN | CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  /** Sends a text message, compressed. */
  public void sendCompressed(String text) throws IOException {
    send(FIN | RSV1 | TEXT, deflate(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Compresses a message without context. */
  public static byte[] deflate(byte[] data) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(data);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] step = new byte[8192];
    for (int n = deflater.deflate(step, 0, step.length, Deflater.SYNC_FLUSH);
        n > 0;
        n = deflater.deflate(step, 0, step.length, Deflater.SYNC_FLUSH)) {
      out.write(step, 0, n);
    }
    deflater.end();
    byte[] all = out.toByteArray();
    return Arrays.copyOf(all, all.length - 4);
  }

  /** Expands a message without context. */
  public static byte[] inflate(byte[] data) throws IOException {
    Inflater inflater = new Inflater(true);
    byte[] whole = Arrays.copyOf(data, data.length + 4);
    whole[data.length + 2] = (byte) 0xff;
    whole[data.length + 3] = (byte) 0xff;
    inflater.setInput(whole);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] step = new byte[8192];
    try {
      for (int n = inflater.inflate(step); n > 0; n = inflater.inflate(step)) {
        out.write(step, 0, n);
      }
    } catch (DataFormatException e) {
      throw new IOException(e);
    } finally {
      inflater.end();
    }
    return out.toByteArray();
  }

  /** Reads the next frame. */
  public Frame read() throws IOException {
    int first = client.readByte();
    int second = client.readByte();
    if ((second & 0x80) != 0) {
      throw new IOException("a masked frame from a server");
    }
    long length = second;
    int more = second == 126 ? 2 : second == 127 ? 8 : 0;
    if (more > 0) {
      length = 0;
      for (int i = 0; i < more; i++) {
        length = length << 8 | client.readByte();
      }
    }
    return new Frame(first, client.readBytes(Math.toIntExact(length)));
  }

  /** Reads the next message, whole: text or binary, fragments put together, expanded. */
  public String readMessage() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    Frame frame = read();
    boolean compressed = (frame.first() & RSV1) != 0;
    if (frame.opcode() != TEXT && frame.opcode() != BINARY) {
      throw new IOException("not a message: " + frame.first() + " '" + frame.text() + "'");
    }
    while (true) {
      whole.writeBytes(frame.payload());
      if (frame.isLast()) {
        byte[] all = whole.toByteArray();
        return new String(compressed ? inflate(all) : all, StandardCharsets.UTF_8);
      }
      frame = read();
      if (frame.opcode() != CONTINUATION) {
        throw new IOException("something between fragments: " + frame.first());
      }
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
