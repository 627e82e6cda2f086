/**
 * The commands that speak to a running gateway's admin port: {@code routes}, {@code weight}, {@code
 * drain}, {@code restore} and {@code events}.
 *
 * <p>Start at {@link io.fairlead.gateway.cli.admin.AdminCommand}. Everything runs on the main
 * thread of a short-lived process and writes through the writers of its command line.
 */
@NullMarked
package io.fairlead.gateway.cli.admin;

import org.jspecify.annotations.NullMarked;
