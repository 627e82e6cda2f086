package io.fairlead.gateway.ops;

import java.nio.charset.StandardCharsets;

/**
 * A whole answer of the ops port.
 *
 * @param status the HTTP status
 * @param contentType of the body
 * @param body the body
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and nobody changes the body
record Page(int status, String contentType, byte[] body) {
  static final String TEXT = "text/plain; charset=utf-8";
  static final String HTML = "text/html; charset=utf-8";

  static Page text(int status, String text) {
    return new Page(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Page html(String html) {
    return new Page(200, HTML, html.getBytes(StandardCharsets.UTF_8));
  }
}
