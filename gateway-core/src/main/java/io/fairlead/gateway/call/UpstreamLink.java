package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.upstream.RequestPort;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;

/**
 * What one event loop holds of one upstream.
 *
 * <p>Thread-safety: confined to the event loop.
 */
public final class UpstreamLink {
  private static final long NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final RequestPort port;
  private final AttemptObserver metrics;
  private final MethodPolicy methods;
  private final BitSet answered = new BitSet();
  private long headBlocks = -1;
  private long headNanos;
  private long answerNanos;

  /**
   * A link.
   *
   * @param port its connections on this loop
   * @param metrics where its attempts are counted
   * @param methods which methods its operator lets it serve
   * @param nowNanos the loop's time
   */
  public UpstreamLink(
      RequestPort port, AttemptObserver metrics, MethodPolicy methods, long nowNanos) {
    this.port = port;
    this.metrics = metrics;
    this.methods = methods;
    this.headNanos = nowNanos - NEWS_NANOS;
    this.answerNanos = nowNanos - NEWS_NANOS;
  }

  /** Its connections on this loop. */
  RequestPort port() {
    return port;
  }

  AttemptObserver metrics() {
    return metrics;
  }

  MethodPolicy methods() {
    return methods;
  }

  /** It has answered a call of a method. */
  void noteAnswered(MethodSpec method) {
    answered.set(method.index());
  }

  /**
   * Whether it is known to have a method. Some nodes call a parameter that they cannot read a
   * method that they do not have; those who once answered are not believed to lack it.
   */
  boolean hasAnswered(MethodSpec method) {
    return method.isExact() && answered.get(method.index());
  }

  /**
   * Whether a head that an answer told of is worth passing on: another one, or one told long ago.
   */
  boolean tryNoteHead(long blocks, long nowNanos) {
    if (blocks == headBlocks && nowNanos - headNanos < NEWS_NANOS) {
      return false;
    }
    headBlocks = blocks;
    headNanos = nowNanos;
    return true;
  }

  /** Whether it is time to pass on that the upstream answers. */
  boolean tryNoteAnswer(long nowNanos) {
    if (nowNanos - answerNanos < NEWS_NANOS) {
      return false;
    }
    answerNanos = nowNanos;
    return true;
  }
}
