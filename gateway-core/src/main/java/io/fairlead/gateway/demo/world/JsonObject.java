package io.fairlead.gateway.demo.world;

/** JSON text of an object, written member by member. */
final class JsonObject {
  private final StringBuilder text = new StringBuilder(512).append('{');

  /** A string member that needs no escapes. */
  JsonObject text(String name, String value) {
    return raw(name, '"' + value + '"');
  }

  /** A number as EVM nodes write it: a string with hex. */
  JsonObject quantity(String name, long value) {
    return raw(name, SimulatedChain.quoted(value));
  }

  /** A member whose value is JSON already. */
  JsonObject raw(String name, String json) {
    text.append(text.length() == 1 ? "\"" : ",\"").append(name).append("\":").append(json);
    return this;
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
