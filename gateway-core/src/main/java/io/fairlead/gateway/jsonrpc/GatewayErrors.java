package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Writes the gateway's own answers: JSON-RPC errors that no upstream gave, and results that need
 * none, each with the client's id byte for byte.
 *
 * <p>Thread-safety: safe, no state. Ownership: what is returned belongs to the caller; bodies stay
 * theirs.
 */
public final class GatewayErrors {
  /** The body is not JSON. */
  public static final int NOT_JSON = -32700;

  /** The body is not a call. */
  public static final int NOT_A_CALL = -32600;

  /** The method is not offered. */
  public static final int METHOD_NOT_OFFERED = -32601;

  /** A limit is exceeded. */
  public static final int LIMIT_EXCEEDED = -32005;

  /** No upstream can serve the call now. */
  public static final int UNAVAILABLE = -32002;

  /** The call timed out. */
  public static final int TIMED_OUT = -32003;

  private static final byte[] CODE = JsonSkip.ascii("{\"code\":");
  private static final byte[] MESSAGE = JsonSkip.ascii(",\"message\":");
  private static final byte[] END = JsonSkip.ascii("}}");
  private static final int ROOM = OwnAnswer.HEAD_BYTES + 64;

  private GatewayErrors() {}

  /**
   * An error for a call.
   *
   * @param allocator makes the buffer
   * @param code one of this class's codes
   * @param message what to tell the client; any text
   * @param body the body that was scanned
   * @param call the call's spans; without a valid id the answer's id is null
   * @return the answer
   */
  public static ByteBuf error(
      ByteBufAllocator allocator, int code, String message, ByteBuf body, CallSpans call) {
    ByteBuf answer = allocator.buffer(ROOM + message.length() + call.idLength());
    OwnAnswer.writeHead(answer, body, call.idStart(), call.idLength());
    return writeError(answer, code, message);
  }

  /**
   * An error for a body in which no call was found: its id is null.
   *
   * @param allocator makes the buffer
   * @param code one of this class's codes
   * @param message what to tell the client; any text
   * @return the answer
   */
  public static ByteBuf error(ByteBufAllocator allocator, int code, String message) {
    ByteBuf answer = allocator.buffer(ROOM + message.length());
    OwnAnswer.writeHead(answer, answer, -1, 0);
    return writeError(answer, code, message);
  }

  /**
   * A result that the gateway knows by itself.
   *
   * @param allocator makes the buffer
   * @param result JSON text, for instance {@code "0x1"} with its quotes
   * @param body the body that was scanned
   * @param call the call's spans
   * @return the answer
   */
  public static ByteBuf result(
      ByteBufAllocator allocator, String result, ByteBuf body, CallSpans call) {
    ByteBuf answer = allocator.buffer(ROOM + result.length() + call.idLength());
    OwnAnswer.writeHead(answer, body, call.idStart(), call.idLength());
    answer.writeBytes(OwnAnswer.RESULT_KEY);
    answer.writeCharSequence(result, StandardCharsets.UTF_8);
    return answer.writeByte('}');
  }

  /**
   * The HTTP status that goes with an error.
   *
   * @param code one of this class's codes
   * @return 429, 503, 504, or 200 for errors of the call itself, as nodes answer them
   */
  public static int httpStatus(int code) {
    return switch (code) {
      case LIMIT_EXCEEDED -> 429;
      case UNAVAILABLE -> 503;
      case TIMED_OUT -> 504;
      default -> 200;
    };
  }

  private static ByteBuf writeError(ByteBuf answer, int code, String message) {
    answer.writeBytes(OwnAnswer.ERROR_KEY).writeBytes(CODE);
    answer.writeCharSequence(Integer.toString(code), StandardCharsets.US_ASCII);
    answer.writeBytes(MESSAGE);
    OwnAnswer.writeString(answer, message);
    return answer.writeBytes(END);
  }
}
