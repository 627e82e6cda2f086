package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.routing.time.NanoClock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All that a client was told of a chain, in order.
 *
 * <p>Thread-safety: written by the client's thread, read by any.
 */
public final class Told {
  private final NanoClock clock;
  private final List<Head> heads = new CopyOnWriteArrayList<>();
  private final List<Log> logs = new CopyOnWriteArrayList<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();

  /**
   * A block.
   *
   * @param number its number
   * @param hash its hash, or an empty string if the client's library does not give it
   * @param parent its parent's hash, or an empty string
   * @param atNanos when the client was told
   */
  public record Head(long number, String hash, String parent, long atNanos) {}

  /**
   * A log.
   *
   * @param block the number of its block
   * @param hash the hash of its block
   * @param index its place in the block
   * @param isRemoved whether it was taken back
   * @param atNanos when the client was told
   */
  public record Log(long block, String hash, long index, boolean isRemoved, long atNanos) {}

  /**
   * Nothing yet.
   *
   * @param clock tells when
   */
  public Told(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * The client is told of a block.
   *
   * @param number its number
   * @param hash its hash, or an empty string
   * @param parent its parent's hash, or an empty string
   */
  public void onHead(long number, String hash, String parent) {
    heads.add(new Head(number, hash, parent, clock.nanoTime()));
  }

  /**
   * The client is told of a log.
   *
   * @param block the number of its block
   * @param hash the hash of its block
   * @param index its place in the block
   * @param isRemoved whether it is taken back
   */
  public void onLog(long block, String hash, long index, boolean isRemoved) {
    logs.add(new Log(block, hash, index, isRemoved, clock.nanoTime()));
  }

  /**
   * The client is told of a block or a log as nodes show them.
   *
   * @param shown the block, or the log
   */
  public void onJson(JsonNode shown) {
    if (shown.has("logIndex")) {
      onLog(
          number(shown.get("blockNumber")),
          shown.get("blockHash").asText(),
          number(shown.get("logIndex")),
          shown.path("removed").asBoolean());
    } else {
      onHead(
          number(shown.get("number")),
          shown.path("hash").asText(),
          shown.path("parentHash").asText());
    }
  }

  /**
   * Something happened that must not.
   *
   * @param what what
   */
  public void onTrouble(String what) {
    troubles.add(what);
  }

  /**
   * The blocks so far.
   *
   * @return in the order in which the client was told
   */
  public List<Head> heads() {
    return List.copyOf(heads);
  }

  /**
   * The logs so far.
   *
   * @return in the order in which the client was told
   */
  public List<Log> logs() {
    return List.copyOf(logs);
  }

  /**
   * What must not have happened.
   *
   * @return errors and ends of the connection
   */
  public List<String> troubles() {
    return List.copyOf(troubles);
  }

  private static long number(JsonNode quantity) {
    return quantity.isNumber() ? quantity.asLong() : Long.decode(quantity.asText());
  }
}
