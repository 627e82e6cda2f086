package io.fairlead.gateway.filter;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonMembers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Which block a block is.
 *
 * @param number its height
 * @param hash its hash, as the upstream wrote it
 * @param parentHash the hash of the block before it
 */
record BlockRef(long number, String hash, String parentHash) {
  /**
   * Reads a block as nodes give it.
   *
   * @param block JSON
   * @return null if it is none, as the null for a block that is not there
   */
  static @Nullable BlockRef of(ByteBuf block) {
    if (!JsonMembers.isObject(block)) {
      return null;
    }
    String number = JsonMembers.text(block, "number");
    String hash = JsonMembers.text(block, "hash");
    String parent = JsonMembers.text(block, "parentHash");
    if (number == null || hash == null || parent == null) {
      return null;
    }
    long height = HexQuantity.parse(JsonMembers.ascii(number), 0, number.length());
    return height < 0 ? null : new BlockRef(height, hash, parent);
  }
}
