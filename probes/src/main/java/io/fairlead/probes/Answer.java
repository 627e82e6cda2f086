package io.fairlead.probes;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the body of an answer says, as far as probes care. */
sealed interface Answer {
  /**
   * A result.
   *
   * @param scalar its text when it is a string, a number or a boolean
   * @param fields its scalar fields when it is an object; a field of an inner object is {@code
   *     outer.inner}
   * @param kind its shape
   */
  record Result(Kind kind, @Nullable String scalar, Map<String, String> fields) implements Answer {
    @Nullable String field(String name) {
      return fields.get(name);
    }
  }

  /**
   * An error as JSON-RPC has it.
   *
   * @param code its code; 0 when it has none
   */
  record Refusal(long code) implements Answer {}

  /**
   * Nothing that a node should say.
   *
   * @param reason what is wrong with it, in our words
   */
  record Rubbish(String reason) implements Answer {}

  /** The shape of a result. */
  enum Kind {
    /** {@code null}. */
    NULL,
    /** A string, a number or a boolean. */
    SCALAR,
    /** An object. */
    OBJECT,
    /** An array. */
    ARRAY
  }
}
