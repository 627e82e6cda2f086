package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an upstream: carries one exchange or one {@link Train}, then is parked
 * or closed.
 *
 * <p>It is parked only if the request was sent whole, the answer was framed whole, both sides want
 * to keep it and no byte followed the answer; and not before the read that brought the answer's end
 * is over, so that junk right behind an answer cannot become the next one.
 *
 * <p>Ownership: takes the body of the exchange it starts and releases it once, also when the
 * connection breaks. The body's bytes and indexes are never changed: other attempts may share them.
 *
 * <p>Thread-safety: loop-confined.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Carrier {
  /** Up to here a body is copied behind the head: one buffer, one write, no gathering. */
  static final int SMALL_BODY_BYTES = 1024;

  private static final int BODY_SLICE_BYTES = 64 * 1024;

  private final UpstreamPool pool;
  private final AnswerDecoder decoder = new AnswerDecoder(this);
  private final AnswerHead answer = new AnswerHead();
  private final ChannelFutureListener requestWritten = this::onRequestWritten;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Exchange exchange;
  private @Nullable Train train;
  private @Nullable ByteBuf unsent;
  private @Nullable Throwable writeFailure;
  private boolean established;
  private boolean pumping;
  private boolean flushedWhole;
  private boolean sentWhole;
  private boolean bytesSeen;
  private boolean reused;
  private boolean toBeParked;
  private boolean disbanded;
  private boolean closeNotified;
  private long idleDeadlineNanos;

  Connection(UpstreamPool pool) {
    this.pool = pool;
  }

  AnswerDecoder decoder() {
    return decoder;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  private ChannelHandlerContext ctx() {
    ChannelHandlerContext context = ctx;
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  Channel channel() {
    return ctx().channel();
  }

  boolean isOpen() {
    return ctx != null && ctx.channel().isActive();
  }

  long idleDeadlineNanos() {
    return idleDeadlineNanos;
  }

  /** From now on its end is told to the pool; before, the attempt to connect speaks for it. */
  void onEstablished() {
    established = true;
  }

  /** Remembers until when it may stay parked. */
  void park(long deadlineNanos) {
    idleDeadlineNanos = deadlineNanos;
    reused = true;
  }

  void close() {
    ctx().close();
  }

  // ---- request

  /** Sends the request of an exchange; the connection must be open and free. */
  void start(Exchange next) {
    take(next, null);
    ByteBuf body = next.start(this);
    if (!next.isReading()) {
      setReading(next, false);
    }
    int length = body.readableBytes();
    if (length <= SMALL_BODY_BYTES) {
      sendSmall(body, length);
    } else {
      ctx().write(pool.requestHead().write(ctx().alloc(), length, 0));
      unsent = body.duplicate();
      pump();
    }
  }

  private void take(Exchange next, @Nullable Train shared) {
    expect(next);
    train = shared;
    bytesSeen = false;
    flushedWhole = false;
    sentWhole = false;
  }

  private void expect(Exchange next) {
    exchange = next;
    answer.reset();
  }

  /** Begins a train with whose answer is due first; the connection must be open and free. */
  void begin(Exchange first, Train shared) {
    take(first, shared);
  }

  /** Sends the requests of a train. */
  void send(ByteBuf requests) {
    flushedWhole = true;
    ctx().writeAndFlush(requests).addListener(requestWritten);
  }

  /** Whether a train is on this connection, and its first answer still due to somebody. */
  boolean carries(Train shared) {
    return train == shared && exchange != null;
  }

  /** Those behind the one that is due have left: their answers follow its, so this is the last. */
  void onDisbanded() {
    disbanded = true;
  }

  private List<Exchange> takeOthers() {
    return train == null ? List.of() : train.dissolve();
  }

  private void sendSmall(ByteBuf body, int length) {
    ByteBuf out = pool.requestHead().write(ctx().alloc(), length, length);
    out.writeBytes(body, body.readerIndex(), length);
    body.release();
    flushedWhole = true;
    ctx().writeAndFlush(out).addListener(requestWritten);
  }

  /** Writes as much of a large body as the socket takes; the rest follows when it is writable. */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    ByteBuf rest = unsent;
    while (rest != null && ctx().channel().isWritable()) {
      if (rest.readableBytes() > BODY_SLICE_BYTES) {
        ctx().write(rest.readRetainedSlice(BODY_SLICE_BYTES));
        ctx().flush();
      } else {
        unsent = null;
        flushedWhole = true;
        ctx().writeAndFlush(rest).addListener(requestWritten);
      }
      rest = unsent;
    }
    pumping = false;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (unsent != null) {
      pump();
    }
  }

  /** Failures are only noted here, for this may run inside post; the close tells the listener. */
  private void onRequestWritten(ChannelFuture future) {
    if (future.isSuccess()) {
      sentWhole = true;
    } else {
      writeFailure = future.cause();
      close();
    }
  }

  // ---- answer

  /** Notes that bytes came; false when none are due. */
  boolean onBytes() {
    if (exchange == null) {
      toBeParked = false;
      return false;
    }
    bytesSeen = true;
    return true;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object msg) {
    if (exchange == null) {
      ReferenceCountUtil.release(msg);
      close();
    } else if (msg instanceof HttpResponse response) {
      onResponse(exchange, response);
    } else if (msg instanceof HttpContent content) {
      onContent(exchange, content);
    } else {
      ReferenceCountUtil.release(msg);
    }
  }

  private void onResponse(Exchange current, HttpResponse response) {
    Throwable cause = response.decoderResult().cause();
    if (cause != null) {
      failDecoding(cause);
      return;
    }
    String refusal = answer.read(response);
    if (refusal != null) {
      fail(Kind.MALFORMED, refusal);
    } else if (!answer.isInterim()) {
      current.onHead(response.status().code(), response.headers(), answer.contentLength());
    }
  }

  private void onContent(Exchange current, HttpContent content) {
    Throwable cause = content.decoderResult().cause();
    if (cause != null) {
      content.release();
      failDecoding(cause);
      return;
    }
    if (content.content().isReadable()) {
      current.onContent(content.content());
    } else {
      content.release();
    }
    if (content instanceof LastHttpContent && exchange == current) {
      onAnswerEnd(current);
    }
  }

  private void onAnswerEnd(Exchange current) {
    if (answer.isInterim()) {
      answer.endInterim();
      return;
    }
    if (answer.isCloseDelimited() && pool.address().isTls() && !closeNotified) {
      fail(Kind.CLOSED_EARLY, "closed without the TLS end that marks the answer's end");
      return;
    }
    Train shared = train;
    if (shared != null) {
      shared.onAnswered(pool.loop().nanoTime());
    }
    if (shared != null && answer.isKeepAlive() && shared.isWanted()) {
      goOn(shared.next());
    } else {
      finish();
    }
    current.complete();
  }

  /** The answer that was due is whole, and another comes behind it. */
  private void goOn(Exchange next) {
    pool.onExchangeEnd();
    expect(next);
    bytesSeen = decoder.hasUndecodedBytes();
    if (!next.isReading()) {
      setReading(next, false);
    }
  }

  /** The answer that was due is whole, and no other is wanted. */
  private void finish() {
    if (train != null && !answer.isKeepAlive()) {
      train.onConnectionEnd(pool.loop().nanoTime());
    }
    List<Exchange> others = takeOthers();
    boolean reusable =
        sentWhole
            && answer.isKeepAlive()
            && others.isEmpty()
            && !disbanded
            && !decoder.hasUndecodedBytes()
            && !pool.isClosed();
    release();
    if (reusable) {
      toBeParked = true;
    } else {
      close();
    }
    others.forEach(pool::dispatchAlone);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (toBeParked) {
      toBeParked = false;
      ctx().channel().config().setAutoRead(true);
      pool.park(this);
    } else if (train != null && exchange != null) {
      pool.loop().acknowledge(ctx().channel());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == SslCloseCompletionEvent.SUCCESS) {
      closeNotified = true;
    }
  }

  // ---- end

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable root =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (exchange == null) {
      close();
    } else if (root instanceof SSLException) {
      fail(Kind.TLS, FailureText.of(root));
    } else if (root instanceof IOException) {
      fail(wasStale() ? Kind.STALE_CONNECTION : Kind.RESET, FailureText.of(root));
    } else {
      failDecoding(root);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (exchange != null) {
      if (wasStale()) {
        fail(Kind.STALE_CONNECTION, "closed while it was reused");
      } else if (writeFailure instanceof IOException
          && !(writeFailure instanceof ClosedChannelException)) {
        fail(Kind.RESET, FailureText.of(writeFailure));
      } else {
        fail(
            Kind.CLOSED_EARLY,
            bytesSeen ? "closed in the middle of the answer" : "closed before the answer");
      }
    }
    if (established) {
      pool.onClosed(this);
    }
  }

  private boolean wasStale() {
    return reused && !bytesSeen;
  }

  private void failDecoding(Throwable cause) {
    if (cause instanceof PrematureChannelClosureException) {
      fail(Kind.CLOSED_EARLY, "closed in the middle of the answer");
    } else {
      fail(Kind.MALFORMED, FailureText.ofDecoding(cause));
    }
  }

  private void fail(Kind kind, String reason) {
    Exchange current = exchange;
    boolean maybeProcessed = flushedWhole && !hasFailedCleanly();
    if (train != null) {
      train.onConnectionEnd(pool.loop().nanoTime());
    }
    List<Exchange> others = takeOthers();
    release();
    close();
    if (current != null) {
      current.fail(new ExchangeFailure(kind, maybeProcessed, pool.address() + ": " + reason));
    }
    others.forEach(pool::dispatchAlone);
  }

  /** Whether the kernel refused the last bytes of the request, so that it cannot be whole there. */
  private boolean hasFailedCleanly() {
    return writeFailure != null && !(writeFailure instanceof ClosedChannelException);
  }

  /**
   * Ends an exchange without a word, and the connection with it: HTTP/1.1 knows no other way. One
   * that waits behind another stays, and its answer is dropped when it comes.
   */
  @Override
  public void abandon(Exchange cancelled) {
    if (cancelled == exchange) {
      List<Exchange> others = takeOthers();
      release();
      close();
      others.forEach(pool::dispatchAlone);
    }
  }

  private void release() {
    if (exchange != null) {
      exchange = null;
      pool.onExchangeEnd();
    }
    ReferenceCountUtil.release(unsent);
    unsent = null;
  }

  /** Back-pressure of an exchange; those behind one that stops reading do not wait for it. */
  @Override
  public void setReading(Exchange reader, boolean on) {
    if (reader != exchange) {
      return;
    }
    ctx().channel().config().setAutoRead(on);
    if (train != null && !on && flushedWhole) {
      train.disband();
    }
  }
}
