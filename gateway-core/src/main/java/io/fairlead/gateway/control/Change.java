package io.fairlead.gateway.control;

import java.util.List;
import java.util.Optional;

/**
 * What an operator's call changed; the tables with it are published.
 *
 * @param made the override that now holds; empty after a restore
 * @param removed overrides that no longer hold
 * @param upstreams those that the target names at present, as {@code CHAIN/ID}
 * @param warnings what the operator should know, a sentence each
 */
public record Change(
    Optional<OperatorOverride> made,
    List<OperatorOverride> removed,
    List<String> upstreams,
    List<String> warnings) {}
