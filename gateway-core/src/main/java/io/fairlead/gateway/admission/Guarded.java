package io.fairlead.gateway.admission;

/**
 * The connections of one event loop, as far as they are to save memory.
 *
 * <p>Thread-safety: called on the event loop.
 */
public interface Guarded {
  /** Whether there is no connection. */
  boolean isEmpty();

  /**
   * What is to be done about memory; said again and again until it is {@link MemoryStage#NORMAL}.
   */
  void onMemory(MemoryStage stage);

  /**
   * Gives up unfinished requests, the largest first, until so many bytes have been given up or
   * there are no more.
   *
   * @return how many bytes were given up
   */
  long release(long bytes);
}
