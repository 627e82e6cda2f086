package io.fairlead.gateway.feed;

/**
 * What came of reading an upstream's text.
 *
 * @param <T> what was to be read
 */
public sealed interface Parsed<T> {
  /**
   * It could be read.
   *
   * @param value what it says
   */
  record Good<T>(T value) implements Parsed<T> {}

  /**
   * It is not what it should be.
   *
   * @param reason what is wrong with it, without its text
   */
  record Bad<T>(String reason) implements Parsed<T> {}

  /** Tells it to who waits for it. */
  default void tell(BlockSource.Found<T> found) {
    if (this instanceof Good<T> good) {
      found.onFound(good.value());
    } else if (this instanceof Bad<T> bad) {
      found.onMissing(bad.reason());
    }
  }
}
