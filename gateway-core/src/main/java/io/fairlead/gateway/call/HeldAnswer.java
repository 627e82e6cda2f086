package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.AnswerKind;
import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.AnswerSplicer;
import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Blame;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's answer while nobody has seen it yet: its bytes, and what is known of them so far.
 *
 * <p>Used again for one attempt after another, so that scanning costs no objects.
 *
 * <p>Thread-safety: confined to an event loop. Ownership: owns what it holds until it is taken.
 */
public final class HeldAnswer {
  private static final Verdict CUT = new Verdict(Blame.UPSTREAM, Verdict.Kind.NOT_AN_ANSWER);
  private static final int MAX_PARTS = 1024;
  private static final int LONGEST_QUANTITY = 24;
  private static final String BLOCK_NUMBER = "eth_blockNumber";

  private final ByteBufAllocator alloc;
  private final AnswerClassifier classifier;
  private final AnswerScanner scanner;
  private final AnswerSplicer splicer;
  private final Consumer<ByteBuf> toSpliced = this::addSpliced;

  private @Nullable ByteBuf held;
  private @Nullable ByteBuf spliced;
  private int httpStatus;
  private long contentLength;
  private @Nullable String retryAfter;
  private boolean complete;

  HeldAnswer(ByteBufAllocator alloc, AnswerClassifier classifier, byte[] window) {
    this.alloc = alloc;
    this.classifier = classifier;
    this.scanner = new AnswerScanner(window);
    this.splicer = new AnswerSplicer(scanner, alloc);
  }

  void onHead(int status, HttpHeaders headers, long length) {
    httpStatus = status;
    contentLength = length;
    retryAfter = status == 200 ? null : headers.get(HttpHeaderNames.RETRY_AFTER);
  }

  /** Takes over the next piece. */
  void append(ByteBuf chunk) {
    scanner.feed(chunk);
    held = join(held, chunk);
  }

  void onComplete() {
    complete = true;
    scanner.finish();
  }

  int heldBytes() {
    ByteBuf present = held;
    return present == null ? 0 : present.readableBytes();
  }

  boolean isDecided() {
    return scanner.isDecided();
  }

  /** Whether it is a result. */
  public boolean isResult() {
    return scanner.kind() == AnswerKind.RESULT && !isRedirect();
  }

  boolean isError() {
    return scanner.kind() == AnswerKind.ERROR && !isRedirect();
  }

  /** What a redirect brings is no answer, whatever it looks like. */
  private boolean isRedirect() {
    return httpStatus >= 300 && httpStatus < 400;
  }

  Verdict verdict(MethodSpec spec) {
    boolean cut = complete && (isResult() || isError()) && !scanner.isComplete();
    return cut ? CUT : classifier.classify(httpStatus, scanner, spec);
  }

  /** For how long the upstream wants to be left alone; -1 if it does not say so in seconds. */
  long retryAfterNanos() {
    String field = retryAfter;
    return field != null && field.matches("[0-9]{1,6}")
        ? TimeUnit.SECONDS.toNanos(Long.parseLong(field))
        : -1;
  }

  /** The newest block's number if the answer says so, else -1. */
  long headNumber(MethodSpec spec) {
    ByteBuf present = held;
    if (present == null || !isResult() || !spec.name().equals(BLOCK_NUMBER)) {
      return -1;
    }
    int start = (int) scanner.valueStart() + 1;
    int end =
        present.indexOf(
            start, Math.min(present.writerIndex(), start + LONGEST_QUANTITY), (byte) '"');
    return end < 0 ? -1 : HexQuantity.parse(present, start, end - start);
  }

  /** Whether the whole answer is {@code null} beside a well-formed envelope. */
  public boolean isNullResult() {
    return scanner.isNullResult();
  }

  /** What has arrived so far, whole or not; still owned by this. */
  public ByteBuf bytes() {
    ByteBuf present = held;
    return present == null ? Unpooled.EMPTY_BUFFER : present;
  }

  /** Where the result's or error's value begins in {@link #bytes}, from the first readable byte. */
  public int valueStart() {
    return (int) scanner.valueStart();
  }

  /** The whole answer with the client's id. */
  WholeAnswer takeWhole(CallMessage message, CallOutcome outcome, Upstream by) {
    Verdict.Kind kind = verdict(message.spec()).kind();
    ByteBuf head = takeHead(message);
    splicer.finish(toSpliced);
    ByteBuf tail = takeSpliced();
    ByteBuf whole = tail.isReadable() ? join(head, tail) : head;
    int start = (int) splicer.outgoingValueStart();
    return WholeAnswer.ofUpstream(outcome, whole, start, valueLength(whole, start))
        .saidBy(by, kind);
  }

  /** Up to the last brace where nobody looked for the value's end, as when the id came first. */
  private int valueLength(ByteBuf whole, int start) {
    return scanner.valueEnd() < 0
        ? whole.readableBytes() - start - 1
        : (int) (scanner.valueEnd() - scanner.valueStart());
  }

  /** Where the value begins in what the client gets, once that has begun to be taken. */
  long outgoingValueStart() {
    return splicer.outgoingValueStart();
  }

  /** What has arrived so far, with the client's id; the rest goes through {@link #splice}. */
  ByteBuf takeHead(CallMessage message) {
    splicer.start(message.body(), message.spans().idStart(), message.spans().idLength());
    ByteBuf present = held;
    held = null;
    if (present != null) {
      splicer.write(present, toSpliced);
    }
    return takeSpliced();
  }

  /** How long the client's answer will be, once it has begun to be taken; -1 if unknown. */
  long outgoingLength() {
    return splicer.outgoingLength(contentLength);
  }

  /** The client's bytes for the next piece of a long answer; may be empty. */
  ByteBuf splice(ByteBuf chunk) {
    scanner.feed(chunk);
    splicer.write(chunk, toSpliced);
    return takeSpliced();
  }

  /** The client's bytes behind the last piece of a long answer; may be empty. */
  ByteBuf spliceEnd() {
    scanner.finish();
    splicer.finish(toSpliced);
    return takeSpliced();
  }

  private void addSpliced(ByteBuf piece) {
    spliced = join(spliced, piece);
  }

  private ByteBuf takeSpliced() {
    ByteBuf taken = spliced;
    spliced = null;
    return taken == null ? Unpooled.EMPTY_BUFFER : taken;
  }

  private ByteBuf join(@Nullable ByteBuf before, ByteBuf piece) {
    if (before == null) {
      return piece;
    }
    if (before instanceof CompositeByteBuf composite) {
      return composite.addComponent(true, piece);
    }
    return alloc.compositeBuffer(MAX_PARTS).addComponent(true, before).addComponent(true, piece);
  }

  /** Drops what was not taken and makes ready for another answer. */
  void reset() {
    ByteBuf present = held;
    held = null;
    if (present != null) {
      present.release();
    }
    takeSpliced().release();
    splicer.close();
    scanner.reset();
    httpStatus = 0;
    contentLength = -1;
    retryAfter = null;
    complete = false;
  }
}
