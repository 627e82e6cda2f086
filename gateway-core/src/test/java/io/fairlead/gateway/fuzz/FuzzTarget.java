package io.fairlead.gateway.fuzz;

/** Something that must hold for any bytes; it is broken by whatever is thrown. */
@FunctionalInterface
public interface FuzzTarget {
  /**
   * Tries it.
   *
   * @param input any bytes, left as they are
   */
  void take(byte[] input);
}
