package io.fairlead.probes;

/**
 * The way out for probes: sends one JSON-RPC body to one upstream, over the connections that
 * traffic uses.
 *
 * <p>Thread-safety: called on the control thread; the callback must come on the control thread too.
 */
@FunctionalInterface
public interface ProbePort {
  /**
   * Sends a call. The callback is called once at the most; an answer after the timeout is ignored.
   *
   * @param upstreamId whom to ask
   * @param body a whole JSON-RPC call; not to be changed
   * @param timeoutNanos after which nobody waits for the answer any more
   * @param callback told how it ended
   */
  void call(String upstreamId, byte[] body, long timeoutNanos, ProbeCallback callback);
}
