package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.Picker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everything that calls on one event loop share.
 *
 * <p>Thread-safety: confined to its event loop, apart from {@link #execute}.
 */
public final class LoopContext {
  private static final int MAX_DEPTH = 64;
  private static final int WINDOW_BYTES = 4096;
  private static final int MAX_SPARE_ANSWERS = 256;

  private final IoLoop io;
  private final Picker picker;
  private final UpstreamLinks links;
  private final Sweeper sweeper;
  private final AnswerClassifier answers;
  private final byte[] window = new byte[WINDOW_BYTES];
  private final RequestScanner ownMessages = new RequestScanner(1, MAX_DEPTH, window);
  private final ArrayDeque<HeldAnswer> spareAnswers = new ArrayDeque<>();

  /**
   * The context of a loop.
   *
   * @param io the loop
   * @param picker draws from routing tables
   * @param links leads to upstreams
   * @param answers says who is to blame for an answer
   */
  public LoopContext(IoLoop io, Picker picker, UpstreamLinks links, AnswerClassifier answers) {
    this.answers = answers;
    this.io = io;
    this.picker = picker;
    this.links = links;
    this.sweeper = new Sweeper(io.eventLoop());
  }

  /** The loop's index. */
  public int index() {
    return io.index();
  }

  /** Monotonic time in nanoseconds. */
  public long nanoTime() {
    return io.nanoTime();
  }

  /**
   * What an upstream surely took of the time since it was asked, without what the loop itself kept
   * waiting; see {@link io.fairlead.gateway.net.LoopTurns}.
   */
  long tookNanos(long askedNanos, long nowNanos) {
    return nowNanos - askedNanos - io.turns().ownNanos(askedNanos, nowNanos);
  }

  /** Where buffers come from. */
  public ByteBufAllocator alloc() {
    return io.allocator();
  }

  /** Runs a task on the loop, after what runs now. */
  public void execute(Runnable task) {
    io.eventLoop().execute(task);
  }

  /** Runs a task on the loop after a delay. */
  public void schedule(Runnable task, long delayNanos) {
    io.eventLoop().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
  }

  Picker picker() {
    return picker;
  }

  @Nullable UpstreamLink link(Upstream upstream) {
    return links.to(upstream);
  }

  Sweeper sweeper() {
    return sweeper;
  }

  /** Room for scanners of this loop, which never run inside each other. */
  public byte[] window() {
    return window;
  }

  /**
   * A message of the gateway's own making.
   *
   * @param chain that is to be asked
   * @param body one well-formed JSON-RPC call; taken over
   * @return the message, to be released
   */
  public CallMessage toMessage(ChainRuntime chain, ByteBuf body) {
    ownMessages.reset();
    ownMessages.feed(body);
    RequestFault fault = ownMessages.finish();
    CallSpans spans = ownMessages.call(0);
    if (fault != RequestFault.NONE || spans.fault() != RequestFault.NONE) {
      body.release();
      throw new IllegalArgumentException("own message: " + fault + " (expected: a call)");
    }
    MethodSpec spec = chain.specs().find(body, spans);
    return new CallMessage(body, spans, spec, chain.headBlocks());
  }

  /**
   * A message with some of its bytes replaced, such as a parameter by another.
   *
   * @param chain that is to be asked
   * @param message what is changed; stays as it is
   * @param from the index in its body of the first byte to go
   * @param to the index after the last byte to go
   * @param replacement what comes in their place, in ASCII
   * @return the message, to be released
   */
  public CallMessage replace(
      ChainRuntime chain, CallMessage message, int from, int to, CharSequence replacement) {
    ByteBuf body = message.body();
    int start = message.spans().start();
    int end = message.spans().end();
    ByteBuf changed = alloc().buffer(end - start + replacement.length());
    changed.writeBytes(body, start, from - start);
    ByteBufUtil.writeAscii(changed, replacement);
    changed.writeBytes(body, to, end - to);
    return toMessage(chain, changed);
  }

  /** An empty answer, to be given back. */
  HeldAnswer borrowAnswer() {
    HeldAnswer spare = spareAnswers.pollLast();
    return spare == null ? new HeldAnswer(alloc(), answers, window) : spare;
  }

  /** Takes back an answer and drops what it still holds. */
  void giveBack(HeldAnswer answer) {
    answer.reset();
    if (spareAnswers.size() < MAX_SPARE_ANSWERS) {
      spareAnswers.addLast(answer);
    }
  }
}
