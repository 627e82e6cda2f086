package io.fairlead.probes;

/**
 * The chain replaced a block by another.
 *
 * @param number the lowest height known to have changed
 * @param oldHash the block that stood there
 * @param newHash the block that stands there now
 */
public record Reorganisation(long number, String oldHash, String newHash) {}
