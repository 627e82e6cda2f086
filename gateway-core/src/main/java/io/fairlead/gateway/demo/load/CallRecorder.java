package io.fairlead.gateway.demo.load;

/** Hears of every call that is over, on the load's event loop. */
@FunctionalInterface
public interface CallRecorder {
  /** Keeps nothing. */
  CallRecorder NONE = call -> {};

  /**
   * A call is over.
   *
   * @param call how it went
   */
  void onEnd(EndedCall call);
}
