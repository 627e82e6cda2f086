package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes an upstream's answer on so that it carries the client's id byte for byte, and its result
 * or error as it came.
 *
 * <p><b>Idea.</b> All cases are one: drop a range, put an insert in its place, stop at an offset,
 * append a tail.
 *
 * <ul>
 *   <li>The upstream's id is the client's: nothing is dropped, fragments pass untouched.
 *   <li>The id precedes the value but differs (a node that loses digits of large numbers, a null id
 *       beside an error): the id is dropped, the client's put in.
 *   <li>The id follows the value or is missing: all before the value is dropped and an envelope put
 *       in; what follows the value is dropped for a brace.
 * </ul>
 *
 * <p>No byte of a result is copied. Ownership: fragments given are taken over; pieces handed out
 * belong to the receiver; {@link #close()} releases what was never used.
 *
 * <p>Thread-safety: none, confined to one event loop.
 */
public final class AnswerSplicer implements AutoCloseable {
  private final AnswerScanner answer;
  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf insert;
  private int insertLength;
  private long cutStart;
  private long cutEnd;
  private boolean enveloped;
  private long position;

  /**
   * A splicer.
   *
   * @param answer the scanner of the same answers
   * @param allocator makes the small buffers of envelopes
   */
  public AnswerSplicer(AnswerScanner answer, ByteBufAllocator allocator) {
    this.answer = answer;
    this.allocator = allocator;
  }

  /**
   * Begins to pass on an answer that the scanner has decided to be a result or an error.
   *
   * @param body the client's body, read here only
   * @param idStart the index of the client's id in it, or -1 for a null id
   * @param idLength the length of the client's id
   */
  public void start(ByteBuf body, int idStart, int idLength) {
    close();
    position = 0;
    enveloped = answer.idEnd() < 0 || answer.idEnd() > answer.valueStart();
    if (enveloped) {
      cut(0, answer.valueStart(), envelope(body, idStart, idLength));
    } else if (isSameId(body, idStart, idLength)) {
      cut(Long.MAX_VALUE, Long.MAX_VALUE, Unpooled.EMPTY_BUFFER);
    } else {
      cut(answer.idStart(), answer.idEnd(), id(body, idStart, idLength));
    }
  }

  /**
   * How long the client's answer will be.
   *
   * @param upstreamLength the length of the upstream's answer, or -1 if unknown
   * @return bytes, or -1 if unknown
   */
  public long outgoingLength(long upstreamLength) {
    if (enveloped) {
      long end = answer.valueEnd();
      return end < 0 ? -1 : insertLength + (end - cutEnd) + 1;
    }
    return upstreamLength < 0 ? -1 : upstreamLength - (cutEnd - cutStart) + insertLength;
  }

  /**
   * Where the result or error begins in the client's answer.
   *
   * @return bytes before it
   */
  public long outgoingValueStart() {
    return enveloped ? insertLength : answer.valueStart() - (cutEnd - cutStart) + insertLength;
  }

  /**
   * Passes on the next fragment, to be called after the scanner was fed with it.
   *
   * @param fragment taken over
   * @param out receives what goes to the client, piece by piece; may be called at once several
   *     times or not at all
   */
  public void write(ByteBuf fragment, Consumer<ByteBuf> out) {
    int length = fragment.readableBytes();
    long end = position + length;
    if (end > cutStart && position < cutEnd) {
      passOver(fragment, (int) Math.max(0, cutStart - position), out);
      fragment.skipBytes((int) (Math.min(end, cutEnd) - Math.max(position, cutStart)));
    }
    position = end;
    long stop = enveloped ? answer.valueEnd() : -1;
    if (stop >= 0 && stop < end) {
      long kept = stop - (end - fragment.readableBytes());
      fragment.writerIndex(fragment.readerIndex() + (int) Math.max(0, kept));
    }
    if (fragment.isReadable()) {
      out.accept(fragment);
    } else {
      fragment.release();
    }
  }

  /**
   * Passes on what the client's answer ends with, after the scanner's {@link
   * AnswerScanner#finish()}.
   *
   * @param out receives the last piece, if any
   */
  public void finish(Consumer<ByteBuf> out) {
    if (enveloped) {
      out.accept(allocator.buffer(1).writeByte('}'));
    }
  }

  @Override
  public void close() {
    ByteBuf unused = insert;
    insert = null;
    if (unused != null) {
      unused.release();
    }
  }

  /** Hands out the bytes before the cut and the insert, and moves past those bytes. */
  private void passOver(ByteBuf fragment, int before, Consumer<ByteBuf> out) {
    ByteBuf put = insert;
    insert = null;
    if (put == null) {
      return;
    }
    if (before > 0) {
      out.accept(fragment.readRetainedSlice(before));
    }
    out.accept(put);
  }

  private void cut(long from, long to, ByteBuf put) {
    cutStart = from;
    cutEnd = to;
    insert = put;
    insertLength = put.readableBytes();
  }

  private boolean isSameId(ByteBuf body, int idStart, int idLength) {
    Excerpt id = answer.id();
    if (idStart < 0 || id.length() != idLength || answer.idEnd() - answer.idStart() != idLength) {
      return false;
    }
    for (int i = 0; i < idLength; i++) {
      if (id.bytes()[i] != body.getByte(idStart + i)) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuf id(ByteBuf body, int idStart, int idLength) {
    return idStart < 0
        ? Unpooled.wrappedBuffer(OwnAnswer.NULL)
        : body.retainedSlice(idStart, idLength);
  }

  private ByteBuf envelope(ByteBuf body, int idStart, int idLength) {
    boolean error = answer.kind() == AnswerKind.ERROR;
    ByteBuf head = allocator.buffer(OwnAnswer.HEAD_BYTES + idLength);
    OwnAnswer.writeHead(head, body, idStart, idLength);
    return head.writeBytes(error ? OwnAnswer.ERROR_KEY : OwnAnswer.RESULT_KEY);
  }
}
