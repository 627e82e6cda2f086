package io.fairlead.gateway.testing;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Marks the few places of the tests that may use what is banned, such as the machine's clock. */
@Retention(RetentionPolicy.CLASS)
@interface SuppressForbidden {}
