package io.fairlead.gateway.websocket;

/**
 * Why a WebSocket connection ends, as the number in its close frame.
 *
 * <p>Source: RFC 6455, section 7.4.1, and the registry that it opens (1012 to 1014).
 */
public final class CloseCode {
  /** Whoever closes has what it wanted. */
  public static final int NORMAL = 1000;

  /** The gateway is going down, or the chain is no longer served. */
  public static final int GOING_AWAY = 1001;

  /** A frame that the protocol does not allow. */
  public static final int PROTOCOL_ERROR = 1002;

  /** A close frame without a code; never sent. */
  public static final int NO_CODE = 1005;

  /** The connection ended without a close frame; never sent. */
  public static final int NO_CLOSE_FRAME = 1006;

  /** A text that is not UTF-8, or a compressed message that cannot be expanded. */
  public static final int BAD_DATA = 1007;

  /** The client answers no ping. */
  public static final int POLICY = 1008;

  /** A message over the limit. */
  public static final int TOO_BIG = 1009;

  /** An answer broke off after its beginning had been sent, or the gateway failed. */
  public static final int INTERNAL_ERROR = 1011;

  /** The client reads too slowly, or what it waits for has a gap; it may connect again. */
  public static final int TRY_AGAIN_LATER = 1013;

  private CloseCode() {}
}
