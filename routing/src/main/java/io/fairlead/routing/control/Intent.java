package io.fairlead.routing.control;

import java.util.OptionalInt;

/**
 * What an operator wants of a target, in force until it is taken back.
 *
 * @param target which upstreams
 * @param weight overrides the configured weight, if present
 * @param drain whether they get no new calls
 * @param author who wants it
 * @param reason why, may be empty
 */
public record Intent(
    Target target, OptionalInt weight, boolean drain, String author, String reason) {}
