package io.fairlead.gateway.testing;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Marks the few places of the tests that may read the machine's clock. */
@Retention(RetentionPolicy.CLASS)
@interface SuppressForbidden {}
