package io.fairlead.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP/2 connection whose frames are made and read by hand, in whatever way is wrong.
 *
 * <p>Failure: a frame that does not come within 30 s throws. Source: RFC 9113, sections 3.4 and
 * 4.1; RFC 7541, section 6.2.2.
 */
public final class RawHttp2 implements AutoCloseable {
  /** The type of frames with a request's body. */
  public static final int DATA = 0;

  /** The type of frames that begin a stream. */
  public static final int HEADERS = 1;

  /** The type of frames that call a stream off. */
  public static final int RST_STREAM = 3;

  /** The type of frames that say how a side works. */
  public static final int SETTINGS = 4;

  /** The type of frames that are sent back. */
  public static final int PING = 6;

  /** The type of frames that end the connection. */
  public static final int GOAWAY = 7;

  /** The type of frames that go on with a head. */
  public static final int CONTINUATION = 9;

  /** The flag that nothing follows on the stream. */
  public static final int END_STREAM = 1;

  /** The flag that a head is whole. */
  public static final int END_HEADERS = 4;

  /** The flag that a frame answers one of ours. */
  public static final int ACK = 1;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int HEAD_BYTES = 9;
  private static final int WINDOW_BYTES = 4096;

  private final RawClient raw;

  /**
   * A frame that came.
   *
   * @param type one of the constants, or another
   * @param flags its flags
   * @param stream 0 for the connection
   * @param payload the rest
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Frame(int type, int flags, int stream, byte[] payload) {}

  /**
   * A connection that has begun: both sides have said their settings.
   *
   * @param server where to connect
   * @throws IOException if nobody listens or what listens does not speak HTTP/2
   */
  public RawHttp2(InetSocketAddress server) throws IOException {
    raw = new RawClient(server, WINDOW_BYTES);
    raw.send(PREFACE);
    raw.send(frame(SETTINGS, 0, 0));
    if (read().type() != SETTINGS) {
      throw new IOException("the server does not begin with its settings");
    }
    raw.send(frame(SETTINGS, ACK, 0));
  }

  /**
   * A frame's bytes.
   *
   * @param type one of the constants, or another
   * @param flags its flags
   * @param stream 0 for the connection
   * @param payload the rest
   * @return the frame
   */
  public static byte[] frame(int type, int flags, int stream, byte... payload) {
    return ByteBuffer.allocate(HEAD_BYTES + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /**
   * A head's bytes, each field in full.
   *
   * @param namesAndValues in turn
   * @return the head
   */
  public static byte[] head(String... namesAndValues) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i++) {
      if (i % 2 == 0) {
        bytes.write(0);
      }
      byte[] text = namesAndValues[i].getBytes(StandardCharsets.US_ASCII);
      writeLength(bytes, text.length);
      bytes.writeBytes(text);
    }
    return bytes.toByteArray();
  }

  /** An integer with a prefix of seven bits. */
  private static void writeLength(ByteArrayOutputStream to, int length) {
    int most = 127;
    to.write(Math.min(length, most));
    if (length >= most) {
      int rest = length - most;
      for (; rest > most; rest >>= 7) {
        to.write((rest & most) | 0x80);
      }
      to.write(rest);
    }
  }

  /**
   * Sends bytes as they are, in one piece.
   *
   * @param frames frames, or something else
   * @throws IOException if the connection is gone
   */
  public void send(byte[]... frames) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      bytes.writeBytes(frame);
    }
    raw.send(bytes.toByteArray());
  }

  /**
   * Reads the next frame.
   *
   * @return the frame
   * @throws IOException if the connection ended
   */
  public Frame read() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(raw.readBytes(HEAD_BYTES));
    int lengthAndType = head.getInt();
    int flags = head.get() & 0xff;
    int stream = head.getInt();
    return new Frame(lengthAndType & 0xff, flags, stream, raw.readBytes(lengthAndType >>> 8));
  }

  /**
   * Reads up to a frame of some type.
   *
   * @param type what is waited for
   * @return the first frame of it
   * @throws IOException if the connection ended before
   */
  public Frame readUntil(int type) throws IOException {
    Frame frame = read();
    while (frame.type() != type) {
      frame = read();
    }
    return frame;
  }

  /**
   * Waits for the end of the connection, whatever comes before.
   *
   * @return whether the server ended it
   * @throws IOException if it neither ends it nor says anything
   */
  public boolean isEndedByServer() throws IOException {
    boolean isEnded = raw.isClosedByServer();
    while (!isEnded) {
      isEnded = raw.isClosedByServer();
    }
    return isEnded;
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }
}
