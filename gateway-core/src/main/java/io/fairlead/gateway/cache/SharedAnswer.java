package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON-RPC answer that serves any number of calls on any event loop: each gets it with its own id
 * in the place of the id with which it came.
 *
 * <p>The bytes are on the heap, so that nobody has to give them back. A long answer is not copied
 * for a call: what goes out are views of these bytes around the call's id. A short one is, as
 * copying it is cheaper than describing views of it.
 *
 * <p>Thread-safety: safe; immutable but for the count of those who play it.
 */
final class SharedAnswer {
  /** An answer up to this many bytes goes out in one piece and is held by nobody. */
  static final int WHOLE_BYTES = 128 * 1024;

  private static final int COPIED_BYTES = 1024;
  private static final int OVERHEAD_BYTES = 120;
  private static final byte[] ID = JsonSkip.ascii("id");
  private static final byte[] RESULT = JsonSkip.ascii("result");
  private static final byte[] ERROR = JsonSkip.ascii("error");

  private final byte[][] pieces;
  private final int length;
  private final Origin origin;
  private final int idStart;
  private final int idEnd;
  private final int valueStart;
  private final int valueLength;
  private final boolean result;
  private int players;

  /**
   * How an answer came about.
   *
   * @param outcome for the call that asked
   * @param httpStatus if the answer stands alone
   * @param upstreamId who gave it; null for the gateway itself
   */
  record Origin(CallOutcome outcome, int httpStatus, @Nullable String upstreamId) {}

  private SharedAnswer(List<byte[]> pieces, Origin origin, Envelope envelope, int valueLength) {
    this.pieces = pieces.toArray(new byte[0][]);
    this.length = pieces.stream().mapToInt(piece -> piece.length).sum();
    this.origin = origin;
    this.idStart = envelope.idStart;
    this.idEnd = envelope.idEnd;
    this.valueStart = envelope.valueStart;
    this.result = envelope.result;
    this.valueLength = valueLength;
  }

  /**
   * Copies a whole answer.
   *
   * @param answer stays the caller's
   * @param upstreamId who gave it
   * @return null if the answer cannot be given to another call
   */
  static @Nullable SharedAnswer of(WholeAnswer answer, @Nullable String upstreamId) {
    ByteBuf bytes = answer.bytes();
    byte[] copy = new byte[bytes.readableBytes()];
    bytes.getBytes(bytes.readerIndex(), copy);
    Envelope envelope = Envelope.of(copy);
    Origin origin = new Origin(answer.outcome(), answer.httpStatus(), upstreamId);
    return envelope == null
        ? null
        : new SharedAnswer(List.of(copy), origin, envelope, answer.valueLength());
  }

  /**
   * An answer that came in pieces.
   *
   * @param pieces its bytes, taken over; the envelope up to the value is in the first
   * @param upstreamId who gave it
   * @return null if the answer cannot be given to another call
   */
  static @Nullable SharedAnswer ofPieces(List<byte[]> pieces, @Nullable String upstreamId) {
    Envelope envelope = pieces.isEmpty() ? null : Envelope.of(pieces.get(0));
    Origin origin = new Origin(CallOutcome.OK, 200, upstreamId);
    return envelope == null
        ? null
        : new SharedAnswer(pieces, origin, envelope, restLength(pieces, envelope));
  }

  /** The value's length if nothing but a brace follows it; otherwise more. */
  private static int restLength(List<byte[]> pieces, Envelope envelope) {
    int length = pieces.stream().mapToInt(piece -> piece.length).sum();
    return envelope.result ? length - envelope.valueStart - 1 : 0;
  }

  /** What it takes in memory, in bytes. */
  int sizeBytes() {
    return length + OVERHEAD_BYTES;
  }

  Origin origin() {
    return origin;
  }

  /** Whether it is a result and no error. */
  boolean isResult() {
    return result && origin.outcome() == CallOutcome.OK;
  }

  /** Whether the result is null. */
  boolean isNull() {
    return isValue("null");
  }

  /** Whether the result is empty, as an upstream's also is that lacks the data and does not say. */
  boolean isEmpty() {
    return isValue("[]") || isValue("{}") || isValue("\"0x\"") || isValue("\"\"");
  }

  private boolean isValue(String text) {
    byte[] first = pieces[0];
    int end = valueStart + text.length();
    if (end >= first.length) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (first[valueStart + i] != text.charAt(i)) {
        return false;
      }
    }
    byte next = first[end];
    return next == '}' || next == ',' || next <= ' ';
  }

  /** The first piece from the value on, for reading. */
  ByteBuf value() {
    return Unpooled.wrappedBuffer(pieces[0], valueStart, pieces[0].length - valueStart);
  }

  /** Whether it goes out at once. */
  boolean isWhole() {
    return length <= WHOLE_BYTES;
  }

  /** How long the answer to a message is, in bytes. */
  int lengthFor(CallMessage message) {
    return length - (idEnd - idStart) + message.spans().idLength();
  }

  /** The answer to a message, the whole of it. */
  WholeAnswer toWhole(LoopContext loop, CallMessage message) {
    ByteBuf bytes = toBytes(loop, message);
    int shift = message.spans().idLength() - (idEnd - idStart);
    return valueLength > 0
        ? WholeAnswer.ofUpstream(origin.outcome(), bytes, valueStart + shift, valueLength)
        : WholeAnswer.own(origin.outcome(), origin.httpStatus(), bytes);
  }

  private ByteBuf toBytes(LoopContext loop, CallMessage message) {
    CallSpans spans = message.spans();
    if (length <= COPIED_BYTES) {
      byte[] only = pieces[0];
      return loop.alloc()
          .ioBuffer(lengthFor(message))
          .writeBytes(only, 0, idStart)
          .writeBytes(message.body(), spans.idStart(), spans.idLength())
          .writeBytes(only, idEnd, only.length - idEnd);
    }
    CompositeByteBuf whole = loop.alloc().compositeBuffer(pieces.length + 2);
    whole.addComponent(true, head(loop, message));
    for (int i = 0; i < pieces.length; i++) {
      whole.addComponent(true, body(i));
    }
    return whole;
  }

  /** What stands up to and with the message's id. */
  ByteBuf head(LoopContext loop, CallMessage message) {
    CallSpans spans = message.spans();
    return loop.alloc()
        .ioBuffer(idStart + spans.idLength())
        .writeBytes(pieces[0], 0, idStart)
        .writeBytes(message.body(), spans.idStart(), spans.idLength());
  }

  /**
   * Keeps the answer in memory for one more player.
   *
   * @param store grants the memory to the first
   * @return false if it does not
   */
  synchronized boolean tryPin(AnswerStore store) {
    if (players == 0 && !store.tryReserve(length)) {
      return false;
    }
    players++;
    return true;
  }

  /** A player has ended. */
  synchronized void unpin(AnswerStore store) {
    players--;
    if (players == 0) {
      store.giveBack(length);
    }
  }

  /** How many pieces follow the head. */
  int pieces() {
    return pieces.length;
  }

  /** A view of a piece; of the first what follows the id. */
  ByteBuf body(int index) {
    byte[] piece = pieces[index];
    int from = index == 0 ? idEnd : 0;
    return Unpooled.wrappedBuffer(piece, from, piece.length - from);
  }

  /** Where the parts of an answer stand that precede its value. */
  private static final class Envelope {
    private int idStart = -1;
    private int idEnd = -1;
    private int valueStart = -1;
    private boolean result;

    /** Reads the beginning of an answer; null if it is not of the shape that calls are given. */
    static @Nullable Envelope of(byte[] answer) {
      Envelope found = new Envelope();
      ByteBuf text = Unpooled.wrappedBuffer(answer);
      int end = answer.length;
      int at = JsonSkip.nextKey(text, 1, end);
      while (at >= 0 && found.valueStart < 0) {
        int keyEnd = JsonSkip.value(text, at, end);
        int value = JsonSkip.space(text, JsonSkip.space(text, keyEnd, end) + 1, end);
        if (value >= end) {
          return null;
        }
        at = found.note(text, at, keyEnd, value);
      }
      return found.idStart < 0 || found.valueStart < 0 ? null : found;
    }

    private int note(ByteBuf text, int key, int keyEnd, int value) {
      int end = text.writerIndex();
      result = JsonSkip.isKey(text, key, keyEnd, RESULT);
      if (result || JsonSkip.isKey(text, key, keyEnd, ERROR)) {
        valueStart = value;
        return -1;
      }
      int valueEnd = JsonSkip.value(text, value, end);
      if (JsonSkip.isKey(text, key, keyEnd, ID)) {
        idStart = value;
        idEnd = valueEnd;
      }
      return JsonSkip.nextKey(text, valueEnd, end);
    }
  }
}
