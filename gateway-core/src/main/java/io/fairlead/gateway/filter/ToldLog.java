package io.fairlead.gateway.filter;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonMembers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A log that a client was or is to be told of.
 *
 * @param block the height of its block
 * @param blockHash the block's hash
 * @param index its index in the block, as written
 * @param json as the upstream wrote it
 */
record ToldLog(long block, String blockHash, String index, String json) {
  private static final Pattern NOT_REMOVED = Pattern.compile("\"removed\"\\s*:\\s*false");

  /** Reads a log; null if it has no place in a block. */
  static @Nullable ToldLog of(ByteBuf log) {
    if (!JsonMembers.isObject(log)) {
      return null;
    }
    String number = JsonMembers.text(log, "blockNumber");
    String hash = JsonMembers.text(log, "blockHash");
    String index = JsonMembers.text(log, "logIndex");
    if (number == null || hash == null || index == null) {
      return null;
    }
    long block = HexQuantity.parse(JsonMembers.ascii(number), 0, number.length());
    return new ToldLog(block, hash, index, log.toString(StandardCharsets.UTF_8));
  }

  boolean isSame(ToldLog other) {
    return blockHash.equals(other.blockHash) && index.equals(other.index);
  }

  /** The same log, taken back as its block is no longer in the chain. */
  String toRemoved() {
    if (NOT_REMOVED.matcher(json).find()) {
      return NOT_REMOVED.matcher(json).replaceFirst("\"removed\":true");
    }
    return json.substring(0, json.lastIndexOf('}')) + ",\"removed\":true}";
  }
}
