package io.fairlead.gateway.upstream;

/**
 * One attempt that was posted to an upstream.
 *
 * <p>Thread-safety: loop-confined. Both methods do nothing once the exchange has ended.
 */
public interface UpstreamExchange {
  /**
   * Calls the attempt off. The listener hears nothing more, not even of the end; what it was given
   * stays its own. A connection of HTTP/1.1 is closed, for it knows no other way; of HTTP/2 the
   * stream is reset.
   */
  void cancel();

  /**
   * Back-pressure: stops and resumes reading the answer. Bytes already read, at most some hundred
   * KiB, are still delivered after a stop.
   *
   * @param on whether to read
   */
  void setReading(boolean on);
}
