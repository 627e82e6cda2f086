package io.fairlead.gateway.config;

import io.fairlead.gateway.config.ClientLimits.Body;
import io.fairlead.gateway.config.ClientLimits.Connections;
import io.fairlead.gateway.config.ClientLimits.Head;
import io.fairlead.gateway.config.ClientLimits.Pace;
import io.fairlead.gateway.config.ClientLimits.WebSocket;
import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.Values;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys of what one client may ask for. */
final class LimitKeys {
  private static final Key<Long> BODY =
      Key.of("body", Scalars.size("1KiB", "1GiB"), "1MiB", "The largest request, decompressed.");
  private static final Key<Integer> BATCH =
      Key.of("batch", Scalars.whole(1, 100_000), "100", "The most calls in one batch.");
  private static final Key<Integer> DEPTH =
      Key.of(
          "depth",
          Scalars.whole(4, 1000),
          "64",
          "How deep objects and arrays may stand within each other.");
  private static final Key<Long> LINE =
      Key.of("requestLine", Scalars.size("256B", "64KiB"), "8KiB", "The longest request line.");
  private static final Key<Long> HEADERS =
      Key.of(
          "headers",
          Scalars.size("1KiB", "1MiB"),
          "32KiB",
          "The most bytes of a request's header fields.");
  private static final Key<Integer> FIELDS =
      Key.of("headerFields", Scalars.whole(8, 10_000), "100", "The most header fields.");
  private static final Key<Integer> CONNECTIONS =
      Key.of(
          "connectionsPerAddress",
          Scalars.whole(1, 10_000_000),
          "10000",
          "The most open connections from one address.");
  private static final Key<Integer> STREAMS =
      Key.of(
          "streams",
          Scalars.whole(1, 10_000),
          "100",
          "The most requests at once on a connection of HTTP/2.");
  private static final Key<Optional<Long>> MEMORY =
      Key.optional(
          "memory",
          Scalars.size("8MiB", "1024GiB"),
          "The most that buffers of all connections may hold outside the heap; without it, what the"
              + " JVM allows (-XX:MaxDirectMemorySize).");
  private static final Key<Duration> LOOP_DELAY =
      Key.of(
          "loopDelay",
          Scalars.duration("1ms", "1h"),
          "50ms",
          "How long each turn of an event loop may last for 0.3 s on end before it refuses some of"
              + " its calls with -32005.");
  private static final Key<Duration> HEAD_TIME =
      Key.of(
          "headerTimeout",
          Scalars.duration("100ms", "1h"),
          "10s",
          "For the head of a request, from its first byte.");
  private static final Key<Long> BODY_RATE =
      Key.of(
          "bodyRate",
          Scalars.size("0B", "1GiB"),
          "1KiB",
          "The least of a request's body that must come in a second, after the first 5 s.");
  private static final Key<Duration> KEEP_ALIVE =
      Key.of(
          "keepAlive",
          Scalars.duration("100ms", "1d"),
          "60s",
          "How long a connection may be idle between requests.");
  private static final Key<Duration> WRITE_STALL =
      Key.of(
          "writeStall",
          Scalars.duration("1s", "1h"),
          "30s",
          "How long a client may take nothing of an answer before it loses the connection.");
  private static final Key<Long> SOCKET_MESSAGE =
      Key.of(
          "websocketMessage",
          Scalars.size("1KiB", "1GiB"),
          "16MiB",
          "The largest WebSocket message, decompressed, and the most that the messages under way on"
              + " a connection may take together.");
  private static final Key<Integer> SOCKET_CALLS =
      Key.of(
          "websocketCalls",
          Scalars.whole(1, 1_000_000),
          "1000",
          "The most calls under way on a WebSocket connection; beyond, it is not read.");
  private static final Key<Integer> SOCKET_RATE =
      Key.of(
          "websocketRate",
          Scalars.whole(1, 10_000_000),
          "10000",
          "The most calls a second on a WebSocket connection; beyond, they are answered -32005.");
  private static final Key<Long> SOCKET_BUFFER =
      Key.of(
          "websocketBuffer",
          Scalars.size("64KiB", "1GiB"),
          "4MiB",
          "What may wait for a WebSocket client that reads slowly before a notification ends its"
              + " connection with 1013.");

  /** The section. */
  static final Section<ClientLimits> LIMITS =
      Section.of(
          List.of(
              BODY,
              BATCH,
              DEPTH,
              LINE,
              HEADERS,
              FIELDS,
              CONNECTIONS,
              STREAMS,
              MEMORY,
              LOOP_DELAY,
              HEAD_TIME,
              BODY_RATE,
              KEEP_ALIVE,
              WRITE_STALL,
              SOCKET_MESSAGE,
              SOCKET_CALLS,
              SOCKET_RATE,
              SOCKET_BUFFER),
          LimitKeys::limits);

  private LimitKeys() {}

  private static ClientLimits limits(Values v) {
    return new ClientLimits(
        new Body(bytes(v, BODY), v.get(BATCH), v.get(DEPTH)),
        new Head(bytes(v, LINE), bytes(v, HEADERS), v.get(FIELDS)),
        new Connections(v.get(CONNECTIONS), v.get(STREAMS), v.get(MEMORY), v.get(LOOP_DELAY)),
        new Pace(v.get(HEAD_TIME), bytes(v, BODY_RATE), v.get(KEEP_ALIVE), v.get(WRITE_STALL)),
        new WebSocket(
            bytes(v, SOCKET_MESSAGE),
            v.get(SOCKET_CALLS),
            v.get(SOCKET_RATE),
            bytes(v, SOCKET_BUFFER)));
  }

  private static int bytes(Values v, Key<Long> key) {
    return Math.toIntExact(v.get(key));
  }
}
