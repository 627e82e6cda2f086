package io.fairlead.gateway.soak;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/**
 * A body for the gateway, and what a true answer to it is.
 *
 * @param path the chain's
 * @param body JSON
 * @param isRight judges the whole answer when it comes
 */
record Question(String path, String body, Predicate<JsonNode> isRight) {
  /** The beginning of the body, for complaints. */
  @Override
  public String toString() {
    return path + ' ' + body.substring(0, Math.min(body.length(), 160));
  }
}
