package io.fairlead.gateway.upstream.h2;

/**
 * A header field that goes with every request.
 *
 * @param name in lower case, a pseudo-field's with its colon
 * @param value may be a secret and is never shown
 * @param secret whether nobody on the way may keep it in a table of fields
 */
public record RequestField(String name, String value, boolean secret) {
  @Override
  public String toString() {
    return name + ": (secret)";
  }
}
