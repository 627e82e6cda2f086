package io.fairlead.gateway.upstream.socket;

/**
 * A WebSocket connection on its way: not yet there, or not yet upgraded.
 *
 * <p>Thread-safety: loop-confined.
 */
@FunctionalInterface
public interface Upgrade {
  /** Calls it off: its listener hears nothing more. Does nothing once that has heard the end. */
  void cancel();
}
