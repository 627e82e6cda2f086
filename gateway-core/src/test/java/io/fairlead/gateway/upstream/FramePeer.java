package io.fairlead.gateway.upstream;

import io.fairlead.gateway.testing.RawHttp2;
import io.fairlead.gateway.testing.RawHttp2.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A server's end of an HTTP/2 connection, whose frames are made by hand.
 *
 * <p>Thread-safety: for the thread of the connection's script.
 */
final class FramePeer {
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int INITIAL_WINDOW_SIZE = 4;
  static final int HEADER_TABLE_SIZE = 1;

  /** The stream that a client begins with here; the first of all is left for upgrades. */
  static final int FIRST_STREAM = 3;

  private static final int PREFACE_BYTES = 24;
  private static final int FRAME_HEAD_BYTES = 9;
  private static final int WINDOW_UPDATE = 8;

  private final ScriptedServer.Peer peer;
  private final DefaultHttp2HeadersDecoder heads = new DefaultHttp2HeadersDecoder();
  private final Map<Integer, Begun> requests = new HashMap<>();
  private int streams;
  private byte[] lastHead = {};

  /** A request that came whole. */
  record Request(int stream, Http2Headers headers, String body) {}

  /** A request whose head has come. */
  private record Begun(Http2Headers headers, ByteArrayOutputStream body) {}

  private FramePeer(ScriptedServer.Peer peer) {
    this.peer = peer;
  }

  /** Reads the preface and says the server's settings: identifiers and values in turn. */
  static FramePeer begin(ScriptedServer.Peer peer, int... settings) throws IOException {
    FramePeer frames = new FramePeer(peer);
    frames.readPreface();
    ByteBuffer payload = ByteBuffer.allocate(settings.length / 2 * 6);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    frames.send(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, payload.array()));
    return frames;
  }

  /** A connection on which the server says nothing by itself. */
  static FramePeer silent(ScriptedServer.Peer peer) throws IOException {
    FramePeer frames = new FramePeer(peer);
    frames.readPreface();
    return frames;
  }

  private void readPreface() throws IOException {
    String preface = new String(peer.readBytes(PREFACE_BYTES), StandardCharsets.US_ASCII);
    if (!preface.startsWith("PRI * HTTP/2.0")) {
      throw new IOException("no preface: " + preface);
    }
  }

  int number() {
    return peer.number();
  }

  /** How many streams were begun so far. */
  int streams() {
    return streams;
  }

  /** The bytes of the head that came last. */
  byte[] lastHead() {
    return lastHead;
  }

  void send(byte[] bytes) throws IOException {
    peer.send(bytes);
  }

  /** The next frame; SETTINGS and PING are answered. */
  Frame read() throws IOException {
    Frame frame = readSilently();
    if (frame.type() == RawHttp2.SETTINGS && frame.flags() == 0) {
      send(RawHttp2.frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0));
    } else if (frame.type() == RawHttp2.PING && frame.flags() == 0) {
      send(RawHttp2.frame(RawHttp2.PING, RawHttp2.ACK, 0, frame.payload()));
    }
    return frame;
  }

  /** The next frame; nothing is answered. */
  Frame readSilently() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(peer.readBytes(FRAME_HEAD_BYTES));
    int lengthAndType = head.getInt();
    int flags = head.get() & 0xff;
    int stream = head.getInt();
    byte[] payload = peer.readBytes(lengthAndType >>> 8);
    Frame frame = new Frame(lengthAndType & 0xff, flags, stream, payload);
    if (frame.type() == RawHttp2.HEADERS) {
      streams++;
      lastHead = payload;
      requests.put(stream, new Begun(decode(frame), new ByteArrayOutputStream()));
    }
    return frame;
  }

  Frame readUntil(int type) throws IOException {
    Frame frame = read();
    while (frame.type() != type) {
      frame = read();
    }
    return frame;
  }

  /** Reads on to the end of a request's body. */
  Request request() throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.type() == RawHttp2.DATA) {
        Begun begun = requests.get(frame.stream());
        if (begun == null) {
          throw new IOException("DATA before HEADERS");
        }
        begun.body().writeBytes(frame.payload());
        if ((frame.flags() & RawHttp2.END_STREAM) != 0) {
          String text = begun.body().toString(StandardCharsets.ISO_8859_1);
          return new Request(frame.stream(), begun.headers(), text);
        }
      }
    }
  }

  private Http2Headers decode(Frame frame) throws IOException {
    ByteBuf block = Unpooled.wrappedBuffer(frame.payload());
    try {
      return heads.decodeHeaders(frame.stream(), block);
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  /** Answers with a body of ASCII. */
  void answer(int stream, String body) throws IOException {
    head(stream, ":status", "200", "content-length", "" + body.length());
    data(stream, body, true);
  }

  /** A head; not the last frame of its stream. */
  void head(int stream, String... namesAndValues) throws IOException {
    byte[] head = RawHttp2.head(namesAndValues);
    send(RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, head));
  }

  /** A head that is all of the answer. */
  void onlyHead(int stream, String... namesAndValues) throws IOException {
    int flags = RawHttp2.END_HEADERS | RawHttp2.END_STREAM;
    send(RawHttp2.frame(RawHttp2.HEADERS, flags, stream, RawHttp2.head(namesAndValues)));
  }

  void data(int stream, String body, boolean isLast) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    send(RawHttp2.frame(RawHttp2.DATA, isLast ? RawHttp2.END_STREAM : 0, stream, bytes));
  }

  void reset(int stream, int code) throws IOException {
    send(RawHttp2.frame(RawHttp2.RST_STREAM, 0, stream, ints(code)));
  }

  void goAway(int lastStream, int code) throws IOException {
    send(RawHttp2.frame(RawHttp2.GOAWAY, 0, 0, ints(lastStream, code)));
  }

  void openWindow(int stream, int bytes) throws IOException {
    send(RawHttp2.frame(WINDOW_UPDATE, 0, stream, ints(bytes)));
  }

  static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  /** Answers every request with the request's own body until the client leaves. */
  void echo() throws IOException {
    while (true) {
      Request request = request();
      answer(request.stream(), request.body());
    }
  }
}
