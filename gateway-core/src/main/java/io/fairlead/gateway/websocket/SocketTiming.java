package io.fairlead.gateway.websocket;

import java.util.concurrent.TimeUnit;

/**
 * How long WebSocket connections may be quiet.
 *
 * @param pingNanos without a byte from the client until it is pinged
 * @param silentNanos without a byte from the client until it counts as gone
 * @param stallNanos without the client taking a byte of what waits for it until it counts as gone
 * @param closeNanos from a close frame until the connection is ended without the client's
 * @param sweepNanos between two looks at all of this
 */
public record SocketTiming(
    long pingNanos, long silentNanos, long stallNanos, long closeNanos, long sweepNanos) {
  /** Ping after 30 s, gone after 60 s or a stall of 30 s, a second to close. */
  public static final SocketTiming DEFAULT =
      new SocketTiming(
          TimeUnit.SECONDS.toNanos(30),
          TimeUnit.SECONDS.toNanos(60),
          TimeUnit.SECONDS.toNanos(30),
          TimeUnit.SECONDS.toNanos(1),
          TimeUnit.MILLISECONDS.toNanos(500));

  /** Checks that all are positive and a ping comes before its lack of an answer. */
  public SocketTiming {
    if (pingNanos <= 0 || silentNanos <= pingNanos || stallNanos <= 0) {
      throw new IllegalArgumentException(
          "times: " + pingNanos + ", " + silentNanos + ", " + stallNanos + " (expected: rising)");
    }
    if (closeNanos <= 0 || sweepNanos <= 0) {
      throw new IllegalArgumentException("times: not positive (expected: positive)");
    }
  }
}
