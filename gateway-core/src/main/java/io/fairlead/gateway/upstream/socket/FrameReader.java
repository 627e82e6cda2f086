package io.fairlead.gateway.upstream.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Messages out of a server's frames (RFC 6455, section 5), of any length in constant memory.
 *
 * <p><b>Idea.</b> A message that came whole in one piece is told where it lies. One that came in
 * pieces, be it frames or reads, is gathered up to a bound. One that is longer is told piece by
 * piece as it comes, and none of it is kept: whoever hears it learns what it needs and lets the
 * rest pass, and the messages behind it are none the worse for it.
 *
 * <p><b>Deviation.</b> Whether a text is UTF-8 is not looked at, as little as in an answer over
 * HTTP: the bytes are JSON or not. A message of more than {@link #LONGEST_MESSAGE_BYTES} ends it.
 *
 * <p>Thread-safety: loop-confined. Ownership: owns what it gathers; what it reads stays the
 * caller's.
 */
final class FrameReader {
  /** A message up to this length is told whole. */
  static final int HELD_BYTES = 64 * 1024;

  static final long LONGEST_MESSAGE_BYTES = 64L << 20;

  private static final int CONTINUATION = 0x0;
  private static final int BINARY = 0x2;
  private static final int CONTROL = 0x8;
  private static final int RESERVED = 0x70;
  private static final int LONGEST_CONTROL_BYTES = 125;

  private final ByteBufAllocator alloc;
  private final Sink sink;
  private final byte[] head = new byte[10];
  private final ByteBuf control = Unpooled.buffer(LONGEST_CONTROL_BYTES, LONGEST_CONTROL_BYTES);
  private int headBytes;
  private boolean inFrame;
  private boolean isFinal;
  private int opcode;
  private long frameLeft;
  private boolean inMessage;
  private boolean isPassing;
  private long messageBytes;
  private @Nullable ByteBuf held;
  private @Nullable String fault;

  /** Hears what comes. What it is given it may read during the call only. */
  interface Sink {
    /** A whole message. */
    void onMessage(ByteBuf message);

    /** The next piece of a message that is too long to be told whole. */
    void onPiece(ByteBuf piece);

    /** The end of a message that was told in pieces. */
    void onPiecesEnd();

    /** A ping, a pong or a close. */
    void onControl(int opcode, ByteBuf payload);

    /** Whether nothing more is to be told. */
    boolean isEnded();
  }

  FrameReader(ByteBufAllocator alloc, Sink sink) {
    this.alloc = alloc;
    this.sink = sink;
  }

  /**
   * Reads what there is.
   *
   * @param in still the caller's
   * @return what is wrong with it, null if nothing is
   */
  @Nullable String read(ByteBuf in) {
    while (in.isReadable() && fault == null && !sink.isEnded()) {
      if (inFrame) {
        readPayload(in);
      } else if (hasReadHead(in)) {
        fault = begin();
        if (fault == null && frameLeft == 0) {
          readPayload(Unpooled.EMPTY_BUFFER);
        }
      }
    }
    return fault;
  }

  private boolean hasReadHead(ByteBuf in) {
    while (in.isReadable()) {
      head[headBytes++] = in.readByte();
      if (headBytes >= 2 && headBytes == 2 + lengthBytes()) {
        headBytes = 0;
        return true;
      }
    }
    return false;
  }

  private int shortLength() {
    return head[1] & 0x7f;
  }

  private int lengthBytes() {
    int said = shortLength();
    return said < 126 ? 0 : said == 126 ? Short.BYTES : Long.BYTES;
  }

  private long length() {
    int bytes = lengthBytes();
    long length = bytes == 0 ? shortLength() : 0;
    for (int i = 2; i < 2 + bytes; i++) {
      length = (length << Byte.SIZE) | (head[i] & 0xff);
    }
    return length;
  }

  /** Begins the frame whose head was read; what is wrong with it. */
  private @Nullable String begin() {
    isFinal = head[0] < 0;
    opcode = head[0] & 0x0f;
    frameLeft = length();
    inFrame = true;
    if ((head[0] & RESERVED) != 0) {
      return "a frame with reserved bits";
    }
    if (head[1] < 0) {
      return "a server's frame with a mask";
    }
    return opcode >= CONTROL ? faultOfControl() : beginData();
  }

  private @Nullable String faultOfControl() {
    boolean isKnown = opcode <= FrameWriter.PONG;
    return isKnown && isFinal && frameLeft <= LONGEST_CONTROL_BYTES ? null : "a bad control frame";
  }

  private @Nullable String beginData() {
    if (opcode > BINARY || inMessage != (opcode == CONTINUATION)) {
      return "a frame out of place";
    }
    if (frameLeft < 0 || frameLeft > LONGEST_MESSAGE_BYTES - messageBytes) {
      return "a message of over " + LONGEST_MESSAGE_BYTES + " bytes";
    }
    inMessage = true;
    messageBytes += frameLeft;
    if (messageBytes > HELD_BYTES && !isPassing) {
      isPassing = true;
      passHeld();
    }
    return null;
  }

  private void passHeld() {
    ByteBuf before = takeHeld();
    if (before != null) {
      sink.onPiece(before);
      before.release();
    }
  }

  private void readPayload(ByteBuf in) {
    int length = (int) Math.min(frameLeft, in.readableBytes());
    boolean isWhole = length == frameLeft;
    ByteBuf piece = in.readSlice(length);
    frameLeft -= length;
    inFrame = !isWhole;
    if (opcode >= CONTROL) {
      readControl(piece, isWhole);
    } else {
      readData(piece, isWhole && isFinal);
    }
  }

  private void readControl(ByteBuf piece, boolean isWhole) {
    control.writeBytes(piece);
    if (isWhole) {
      sink.onControl(opcode, control);
      control.clear();
    }
  }

  private void readData(ByteBuf piece, boolean isEnd) {
    if (isPassing) {
      sink.onPiece(piece);
      if (isEnd) {
        endMessage();
        sink.onPiecesEnd();
      }
    } else if (isEnd && held == null) {
      endMessage();
      sink.onMessage(piece);
    } else {
      hold(piece);
      if (isEnd) {
        tellHeld();
      }
    }
  }

  private void hold(ByteBuf piece) {
    if (held == null) {
      held = alloc.directBuffer((int) Math.min(HELD_BYTES, messageBytes));
    }
    held.writeBytes(piece);
  }

  private void tellHeld() {
    ByteBuf whole = takeHeld();
    endMessage();
    if (whole != null) {
      sink.onMessage(whole);
      whole.release();
    }
  }

  private @Nullable ByteBuf takeHeld() {
    ByteBuf taken = held;
    held = null;
    return taken;
  }

  private void endMessage() {
    inMessage = false;
    isPassing = false;
    messageBytes = 0;
  }

  /** Drops what was gathered. */
  void release() {
    ByteBuf rest = takeHeld();
    if (rest != null) {
      rest.release();
    }
  }
}
