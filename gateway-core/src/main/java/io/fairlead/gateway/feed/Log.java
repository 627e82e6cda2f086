package io.fairlead.gateway.feed;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A log of a block as subscribers of {@code logs} are told of it.
 *
 * <p>Thread-safety: immutable.
 */
public final class Log {
  private final String address;
  private final List<String> topics;
  private final byte[] json;
  private final byte[] removedJson;

  /**
   * A log.
   *
   * @param address of the contract, {@code 0x} and 40 lower-case digits
   * @param topics each {@code 0x} and 64 lower-case digits, at most four
   * @param json the JSON object with {@code "removed":false}
   * @param removedJson the same with {@code "removed":true}
   */
  public Log(String address, List<String> topics, String json, String removedJson) {
    this.address = address;
    this.topics = List.copyOf(topics);
    this.json = json.getBytes(StandardCharsets.UTF_8);
    this.removedJson = removedJson.getBytes(StandardCharsets.UTF_8);
  }

  /** The contract's address, in lower case. */
  public String address() {
    return address;
  }

  /** The topics, in lower case. */
  public List<String> topics() {
    return topics;
  }

  /** The JSON object as it is told when its block joins the chain; not to be changed. */
  public byte[] json() {
    return json;
  }

  /** The JSON object as it is told when its block leaves the chain; not to be changed. */
  public byte[] removedJson() {
    return removedJson;
  }
}
