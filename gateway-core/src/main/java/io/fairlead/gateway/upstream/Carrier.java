package io.fairlead.gateway.upstream;

/**
 * What an exchange needs of that which carries it: a connection or a stream of one.
 *
 * <p>Thread-safety: loop-confined.
 */
interface Carrier {
  /** Ends an exchange without a word. */
  void abandon(Exchange cancelled);

  /** Stops and resumes reading the answer to an exchange. */
  void setReading(Exchange reader, boolean on);
}
