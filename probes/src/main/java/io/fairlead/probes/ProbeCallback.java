package io.fairlead.probes;

/** Told once how a call through a {@link ProbePort} ended, on the control thread. */
public interface ProbeCallback {
  /**
   * The upstream answered, with whatever status.
   *
   * @param httpStatus the status of the answer
   * @param body the whole body; may be anything
   */
  void onAnswer(int httpStatus, byte[] body);

  /**
   * There was no whole answer.
   *
   * @param timedOut whether that is because time ran out
   * @param reason what happened, without secrets
   */
  void onFailure(boolean timedOut, String reason);
}
