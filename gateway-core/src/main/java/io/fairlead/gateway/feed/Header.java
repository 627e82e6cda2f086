package io.fairlead.gateway.feed;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A block's header as subscribers of {@code newHeads} are told of it.
 *
 * <p>Thread-safety: immutable.
 */
public final class Header {
  private final long number;
  private final String hash;
  private final String parentHash;
  private final @Nullable String logsBloom;
  private final byte[] json;

  /**
   * A header.
   *
   * @param number the block's height, 0 or more
   * @param hash the block's, {@code 0x} and 64 digits; kept in lower case
   * @param parentHash its parent's, likewise
   * @param logsBloom {@code 0x} and 512 digits, null where the upstream does not say
   * @param json the JSON object that subscribers see
   */
  public Header(
      long number, String hash, String parentHash, @Nullable String logsBloom, String json) {
    this(number, hash, parentHash, logsBloom, json.getBytes(StandardCharsets.UTF_8));
  }

  /** A header that takes its JSON object over. */
  Header(long number, String hash, String parentHash, @Nullable String logsBloom, byte[] json) {
    if (number < 0) {
      throw new IllegalArgumentException("number: " + number + " (expected: 0 or more)");
    }
    this.number = number;
    this.hash = hash.toLowerCase(Locale.ROOT);
    this.parentHash = parentHash.toLowerCase(Locale.ROOT);
    this.logsBloom = logsBloom;
    this.json = json;
  }

  /** The block's height. */
  public long number() {
    return number;
  }

  /** The block's hash, in lower case. */
  public String hash() {
    return hash;
  }

  /** The parent's hash, in lower case. */
  public String parentHash() {
    return parentHash;
  }

  /** The bloom of its logs, null where the upstream does not say. */
  public @Nullable String logsBloom() {
    return logsBloom;
  }

  /** The JSON object that subscribers see, in UTF-8; not to be changed. */
  public byte[] json() {
    return json;
  }

  @Override
  public String toString() {
    return number + " " + hash;
  }
}
