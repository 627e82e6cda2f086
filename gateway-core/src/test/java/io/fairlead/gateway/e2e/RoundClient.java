package io.fairlead.gateway.e2e;

/** A client that does a round of work and checks every answer itself. */
interface RoundClient extends AutoCloseable {
  /**
   * Plays a round to its end.
   *
   * @throws Exception if the client saw an error or a wrong answer
   */
  void round() throws Exception;

  @Override
  void close();
}
