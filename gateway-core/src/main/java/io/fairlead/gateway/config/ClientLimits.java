package io.fairlead.gateway.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What one client may ask for, and how fast it must be.
 *
 * @param body of a request
 * @param head of a request
 * @param connections of a client
 * @param pace that a client must keep
 * @param webSocket on a WebSocket connection
 */
public record ClientLimits(
    Body body, Head head, Connections connections, Pace pace, WebSocket webSocket) {
  /** What suits a public endpoint. */
  public static final ClientLimits DEFAULT =
      new ClientLimits(
          new Body(1 << 20, 100, 64),
          new Head(8 << 10, 32 << 10, 100),
          new Connections(10_000, 100, Optional.empty(), Duration.ofMillis(50)),
          new Pace(Duration.ofSeconds(10), 1 << 10, Duration.ofSeconds(60), Duration.ofSeconds(30)),
          new WebSocket(16 << 20, 1000, 10_000, 4 << 20));

  /**
   * The body of a request.
   *
   * @param bytes decompressed
   * @param batchCalls calls in one batch
   * @param depth of JSON, in containers within each other
   */
  public record Body(int bytes, int batchCalls, int depth) {}

  /**
   * The head of a request.
   *
   * @param lineBytes of the request line
   * @param headerBytes of all fields together
   * @param fields how many
   */
  public record Head(int lineBytes, int headerBytes, int fields) {}

  /**
   * The connections of clients.
   *
   * @param perAddress open connections from one address
   * @param streams requests at once on a connection of HTTP/2
   * @param memoryBytes that buffers may hold outside the heap for all of them; empty: what the JVM
   *     allows
   * @param loopDelay for which the turns of an event loop may last on end before it refuses calls
   */
  public record Connections(
      int perAddress, int streams, Optional<Long> memoryBytes, Duration loopDelay) {}

  /**
   * The pace that a client must keep.
   *
   * @param head for a request's head, from its first byte
   * @param bodyBytesPerSecond of a request's body, after the first five seconds
   * @param idle between requests
   * @param writeStall for which it may take nothing of what is written
   */
  public record Pace(Duration head, int bodyBytesPerSecond, Duration idle, Duration writeStall) {}

  /**
   * What one client may ask for on a WebSocket connection.
   *
   * @param messageBytes of a message, decompressed, and of all messages under way
   * @param calls under way at once
   * @param callsPerSecond calls in a second
   * @param bufferBytes that may wait for a client that reads slowly
   */
  public record WebSocket(int messageBytes, int calls, int callsPerSecond, int bufferBytes) {}
}
