package io.fairlead.gateway.admission;

/**
 * Hears how event loops protect themselves.
 *
 * <p>Thread-safety: called on all event loops; must be safe and quick.
 */
public interface AdmissionObserver {
  /**
   * What is done about memory has changed.
   *
   * @param loop the index of the event loop
   */
  void onMemory(int loop, MemoryStage stage);
}
