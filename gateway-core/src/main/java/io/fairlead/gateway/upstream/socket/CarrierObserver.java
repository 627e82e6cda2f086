package io.fairlead.gateway.upstream.socket;

/**
 * Counts what becomes of the calls to one upstream that has a WebSocket.
 *
 * <p>Thread-safety: called on every event loop.
 */
public interface CarrierObserver {
  /** Counts nothing. */
  CarrierObserver NONE = new CarrierObserver() {};

  /** Why a call that was sent over the WebSocket was asked again over HTTP. */
  enum Moved {
    /** The connection ended. */
    ENDED,
    /** The connection fell silent. */
    SILENT,
    /** Its answer was too long. */
    LONG,
    /** The upstream said that it does not understand it; over HTTP it may, or say better why. */
    NOT_UNDERSTOOD
  }

  /**
   * A call was sent.
   *
   * @param overSocket over the WebSocket, else over HTTP
   */
  default void onCall(boolean overSocket) {}

  /** A call was asked again over HTTP. */
  default void onMoved(Moved why) {}

  /** A message was nobody's answer: a notification, an id unknown or forgotten. */
  default void onStray() {}

  /** A connection for calls is open. */
  default void onOpen() {}

  /** A connection for calls that was open has ended. */
  default void onEnd() {}
}
