package io.fairlead.gateway.net;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the few places that are the production source of what the rest takes as a parameter. */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
@interface SuppressForbidden {
  /**
   * Why it is right here.
   *
   * @return the reason
   */
  String value();
}
