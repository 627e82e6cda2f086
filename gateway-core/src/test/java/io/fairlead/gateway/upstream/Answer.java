package io.fairlead.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hears an answer, checks that the callbacks come in the promised order, and remembers it.
 *
 * <p>Thread-safety: written on the loop; read after {@link #await} or {@link #awaitHead}.
 */
class Answer implements ExchangeListener {
  private static final long LIMIT_SECONDS = 20;

  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private final CompletableFuture<Integer> head = new CompletableFuture<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private volatile boolean mayBeCalled = true;
  private final AtomicInteger callbacks = new AtomicInteger();
  private final AtomicLong receivedBytes = new AtomicLong();
  private volatile @Nullable HttpHeaders headers;
  volatile long contentLength;
  volatile @Nullable ExchangeFailure failure;

  @Override
  public void onHead(int status, HttpHeaders fields, long length) {
    called();
    contentLength = length;
    headers = fields;
    if (!head.complete(status)) {
      broken("two heads");
    }
  }

  @Override
  public void onContent(ByteBuf chunk) {
    called();
    if (!head.isDone() || !chunk.isReadable()) {
      broken("content before the head, or empty");
    }
    receivedBytes.addAndGet(chunk.readableBytes());
    byte[] bytes = new byte[chunk.readableBytes()];
    chunk.readBytes(bytes);
    chunk.release();
    keep(bytes);
  }

  /** Remembers content; overridden where there is too much of it. */
  void keep(byte[] bytes) {
    body.writeBytes(bytes);
  }

  @Override
  public void onComplete() {
    called();
    if (!end.complete(true)) {
      broken("two ends");
    }
  }

  @Override
  public void onFailure(ExchangeFailure f) {
    called();
    failure = f;
    if (!end.complete(false)) {
      broken("two ends");
    }
  }

  private void called() {
    callbacks.incrementAndGet();
    if (!mayBeCalled) {
      broken("called inside post or after cancel");
    }
  }

  private void broken(String what) {
    AssertionError error = new AssertionError(what);
    end.obtrudeException(error);
    head.obtrudeException(error);
  }

  void mayBeCalled(boolean may) {
    mayBeCalled = may;
  }

  int callbacks() {
    return callbacks.get();
  }

  long receivedBytes() {
    return receivedBytes.get();
  }

  int awaitHead() {
    return get(head);
  }

  /** Waits for the end. */
  Answer await() {
    get(end);
    return this;
  }

  /** Waits for a whole answer and returns its body. */
  String text() {
    if (!get(end)) {
      throw new AssertionError("failed: " + failure);
    }
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  /** A field of the head that has come. */
  @Nullable String field(String name) {
    HttpHeaders present = headers;
    return present == null ? null : present.get(name);
  }

  int status() {
    return get(head);
  }

  ExchangeFailure awaitFailure() {
    await();
    ExchangeFailure f = failure;
    if (f == null) {
      throw new AssertionError("no failure but: " + text());
    }
    return f;
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("no answer: " + e, e);
    }
  }
}
