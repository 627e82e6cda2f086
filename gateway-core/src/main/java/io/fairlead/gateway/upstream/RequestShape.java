package io.fairlead.gateway.upstream;

/**
 * What is known of a request besides its bytes.
 *
 * <p>Thread-safety: loop-confined.
 */
public interface RequestShape {
  /**
   * Its method, as a small number.
   *
   * @return 0 or more
   */
  int methodIndex();

  /**
   * Whether it is one call that may be repeated and whose answer comes soon and is short, so that
   * it may share its way with others.
   *
   * @return false if nobody knows
   */
  boolean isBrief();

  /**
   * Where its id begins.
   *
   * @return bytes from the body's first readable one, -1 if it has none
   */
  int idOffset();

  /**
   * How long its id is, quotes included.
   *
   * @return bytes
   */
  int idLength();
}
