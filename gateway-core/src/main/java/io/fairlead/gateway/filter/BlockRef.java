package io.fairlead.gateway.filter;

import io.fairlead.gateway.jsonrpc.HexQuantity;
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
    if (!Members.isObject(block)) {
      return null;
    }
    String number = Members.text(block, "number");
    String hash = Members.text(block, "hash");
    String parent = Members.text(block, "parentHash");
    if (number == null || hash == null || parent == null) {
      return null;
    }
    long height = HexQuantity.parse(Members.ascii(number), 0, number.length());
    return height < 0 ? null : new BlockRef(height, hash, parent);
  }
}
