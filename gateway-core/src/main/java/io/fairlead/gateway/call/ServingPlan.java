package io.fairlead.gateway.call;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which chains are served under which paths, and within which limits, by one configuration.
 *
 * <p>A request reads it once; a reload puts another in its place.
 *
 * <p>Thread-safety: immutable.
 */
public final class ServingPlan {
  private final Map<String, ChainRuntime> byPath;
  private final List<String> paths;
  private final Limits limits;

  /**
   * The bounds of a request.
   *
   * @param bodyBytes the largest body, also after expansion
   * @param batchCalls the most calls in a batch
   * @param depth how deep JSON may be nested
   * @param http the bounds of a connection of HTTP
   * @param webSocket the bounds of a WebSocket connection
   */
  public record Limits(
      int bodyBytes, int batchCalls, int depth, HttpLimits http, WebSocketLimits webSocket) {}

  /**
   * The bounds of a connection of HTTP.
   *
   * @param lineBytes the longest request line
   * @param headerBytes the most bytes of header fields
   * @param fields the most header fields
   * @param streams the most requests at once over HTTP/2
   * @param pace how fast a client must be
   */
  public record HttpLimits(
      int lineBytes, int headerBytes, int fields, int streams, ClientPace pace) {}

  /**
   * How fast a client must be.
   *
   * @param headNanos for the head of a request, from its first byte
   * @param bodyBytesPerSecond of a body, after {@link #BODY_GRACE_NANOS}
   * @param idleNanos between requests
   * @param stallNanos for which it may take nothing of what is written
   */
  public record ClientPace(
      long headNanos, int bodyBytesPerSecond, long idleNanos, long stallNanos) {
    /** A body may come as slowly as it likes for so long. */
    public static final long BODY_GRACE_NANOS = 5_000_000_000L;

    /**
     * Whether a body comes too slowly.
     *
     * @param bytes that have come
     * @param nanos since its head
     */
    public boolean isTooSlow(long bytes, long nanos) {
      double owedSeconds = (nanos - BODY_GRACE_NANOS) * 1e-9;
      return bytes < owedSeconds * bodyBytesPerSecond;
    }
  }

  /**
   * The bounds of a WebSocket connection.
   *
   * @param messageBytes the largest message, and the most bytes of messages under way
   * @param calls the most calls under way
   * @param callsPerSecond the most calls a second, with as many at once
   * @param bufferBytes what may wait to be read by the client before it loses the connection
   */
  public record WebSocketLimits(int messageBytes, int calls, int callsPerSecond, int bufferBytes) {}

  /**
   * A plan.
   *
   * @param chains by whose names they are reached; a single one also at {@code /}
   * @param limits the bounds
   */
  public ServingPlan(Collection<ChainRuntime> chains, Limits limits) {
    Map<String, ChainRuntime> map = new HashMap<>();
    for (ChainRuntime chain : chains) {
      map.put("/" + chain.name(), chain);
      map.put("/" + chain.name() + "/", chain);
      if (chains.size() == 1) {
        map.put("/", chain);
        map.put("", chain);
      }
    }
    this.byPath = Map.copyOf(map);
    this.paths = chains.stream().map(chain -> "/" + chain.name()).sorted().toList();
    this.limits = limits;
  }

  /**
   * The chain that a request's target names: {@code /}, {@code /chain} or {@code /chain/key}.
   *
   * @param target path and query as the client sent them
   * @return the chain, or null
   */
  public @Nullable ChainRuntime chainAt(String target) {
    ChainRuntime direct = byPath.get(target);
    return direct != null ? direct : byPath.get(withoutKey(target));
  }

  /**
   * The API key that a request's target names.
   *
   * @param target path and query as the client sent them
   * @return what stands behind the chain in {@code /chain/key}, or null
   */
  public @Nullable String keyIn(String target) {
    if (byPath.containsKey(target)) {
      return null;
    }
    int from = target.startsWith("http://") ? Math.max(0, target.indexOf('/', 7)) : 0;
    int end = target.indexOf('?');
    String path = target.substring(from, end < 0 ? target.length() : end);
    int second = path.indexOf('/', 1);
    String key = second < 0 ? "" : path.substring(second + 1);
    return key.isEmpty() ? null : key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
  }

  private static String withoutKey(String target) {
    int from = target.startsWith("http://") ? target.indexOf('/', 7) : 0;
    int end = target.indexOf('?');
    String path = target.substring(Math.max(0, from), end < 0 ? target.length() : end);
    int second = path.indexOf('/', 1);
    if (second < 0) {
      return path;
    }
    boolean hasMore = path.indexOf('/', second + 1) >= 0 && !path.endsWith("/");
    return hasMore ? path : path.substring(0, second);
  }

  /** The paths that are served, for messages. */
  public List<String> paths() {
    return paths;
  }

  /** The bounds of a request. */
  public Limits limits() {
    return limits;
  }
}
