package io.fairlead.gateway.filter;

/** A filter of new blocks. Thread-safety: see {@link Filter}. */
final class BlockFilter extends Filter {
  private static final int OWN_BYTES = 24 * 1024;

  private final ChainPosition position;

  /** A filter of what comes after a block. */
  BlockFilter(BlockRef after, long nowNanos) {
    super(nowNanos);
    this.position = new ChainPosition(after);
  }

  ChainPosition position() {
    return position;
  }

  @Override
  int weightBytes() {
    return OWN_BYTES;
  }
}
