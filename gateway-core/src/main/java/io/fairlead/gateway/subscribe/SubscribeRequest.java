package io.fairlead.gateway.subscribe;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.subscribe.Topic.Kind;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code eth_subscribe} and {@code eth_unsubscribe} ask for, and refuses in the words of
 * geth what it cannot read.
 *
 * <p>Thread-safety: safe, no state.
 */
final class SubscribeRequest {
  private static final int BAD_PARAMETERS = -32602;
  private static final int NO_SUCH_SUBSCRIPTION = -32601;
  private static final int MOST_FILTER_BYTES = 64 * 1024;
  private static final int LONGEST_SHOWN = 64;

  private SubscribeRequest() {}

  /** Why a request is refused. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String text;

    RefusedException(int code, String text) {
      super(text, null, false, false);
      this.code = code;
      this.text = text;
    }

    String text() {
      return text;
    }

    int code() {
      return code;
    }
  }

  /** What is to be subscribed to. */
  static Topic topic(CallMessage message) throws RefusedException {
    String kind = text(message, 0);
    if (kind == null) {
      throw new RefusedException(BAD_PARAMETERS, "expected subscription name as first argument");
    }
    return switch (kind) {
      case "newHeads" -> Topic.of(Kind.HEADS);
      case "logs" -> Topic.logs(match(message));
      case "newPendingTransactions" ->
          Topic.of(isWhole(message) ? Kind.PENDING_WHOLE : Kind.PENDING);
      case "syncing" -> Topic.of(Kind.SYNCING);
      default ->
          throw new RefusedException(
              NO_SUCH_SUBSCRIPTION, "no \"" + clip(kind) + "\" subscription in eth namespace");
    };
  }

  /** Which subscription is to end. */
  static String id(CallMessage message) throws RefusedException {
    String id = text(message, 0);
    if (id == null) {
      throw new RefusedException(BAD_PARAMETERS, "invalid argument 0: expected a subscription id");
    }
    return id;
  }

  private static LogMatch match(CallMessage message) throws RefusedException {
    ByteBuf filter = raw(message, 1);
    if (filter == null) {
      throw new RefusedException(BAD_PARAMETERS, "missing value for required argument 1");
    }
    if (filter.readableBytes() > MOST_FILTER_BYTES) {
      throw new RefusedException(
          BAD_PARAMETERS,
          "invalid argument 1: filter too long (expected: at most "
              + MOST_FILTER_BYTES
              + " bytes)");
    }
    try {
      return LogMatch.parse(filter);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(BAD_PARAMETERS, "invalid argument 1: " + e.getMessage());
    }
  }

  private static boolean isWhole(CallMessage message) throws RefusedException {
    ByteBuf written = raw(message, 1);
    String text = written == null ? "false" : written.toString(StandardCharsets.UTF_8);
    return switch (text) {
      case "true" -> true;
      case "false", "null" -> false;
      default -> throw new RefusedException(BAD_PARAMETERS, "invalid argument 1: expected a bool");
    };
  }

  private static String clip(String kind) {
    return kind.length() <= LONGEST_SHOWN ? kind : kind.substring(0, LONGEST_SHOWN);
  }

  private static @Nullable String text(CallMessage message, int index) {
    ByteBuf raw = raw(message, index);
    if (raw == null || raw.readableBytes() < 2 || raw.getByte(raw.readerIndex()) != '"') {
      return null;
    }
    return raw.toString(raw.readerIndex() + 1, raw.readableBytes() - 2, StandardCharsets.UTF_8);
  }

  private static @Nullable ByteBuf raw(CallMessage message, int index) {
    int start = message.spans().parameterStart(index);
    return start < 0 ? null : message.body().slice(start, message.spans().parameterLength(index));
  }
}
