package io.fairlead.probes;

/**
 * Two blocks at one height.
 *
 * @param number the height
 * @param id who told of the newer sight
 * @param hash the block it told of
 * @param otherId who first told of another block there; the same upstream when it changed its mind
 * @param otherHash the block first told of
 */
public record Fork(long number, String id, String hash, String otherId, String otherHash) {
  /**
   * Whether one upstream replaced its own block, as in any reorganisation.
   *
   * @return false when two upstreams differ
   */
  public boolean isReorganisation() {
    return id.equals(otherId);
  }
}
