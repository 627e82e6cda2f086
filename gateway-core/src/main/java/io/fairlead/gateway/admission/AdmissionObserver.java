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

  /**
   * Calls may be refused for want of time from now on, or no longer.
   *
   * @param loop the index of the event loop
   */
  void onShedding(int loop, boolean isShedding);

  /**
   * How many connections of clients that were refused are not read for now.
   *
   * @param loop the index of the event loop
   */
  void onUnread(int loop, int connections);
}
