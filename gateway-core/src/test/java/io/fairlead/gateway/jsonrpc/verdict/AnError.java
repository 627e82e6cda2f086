package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.routing.MethodClass;

/**
 * An error as an upstream answers it.
 *
 * @param status the HTTP status
 * @param code the code, {@code null} for none
 * @param methodClass what was called
 * @param message in ASCII, without quotes
 * @param data in ASCII, without quotes, or an object
 */
record AnError(int status, String code, MethodClass methodClass, String message, String data) {
  String toAnswer() {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":"
        + code
        + ",\"message\":\""
        + message
        + "\",\"data\":"
        + (isObject() ? data : '"' + data + '"')
        + "}}";
  }

  private boolean isObject() {
    return data.startsWith("{");
  }

  String keptMessage() {
    return first(message, AnswerScanner.MESSAGE_KEPT_BYTES - 1);
  }

  String keptData() {
    return first(data, AnswerScanner.DATA_KEPT_BYTES - (isObject() ? 0 : 1));
  }

  private static String first(String text, int length) {
    return text.length() > length ? text.substring(0, length) : text;
  }
}
