package io.fairlead.routing.table;

import java.util.Optional;

/**
 * Everything that made one upstream's share of a method class.
 *
 * @param entry the share and its factors in words
 * @param derivation the arithmetic from the factors to the share; empty when it has no share, and
 *     then one of the factors is 0
 * @param cost what its cost is made of; empty while unknown
 */
public record ShareExplanation(
    ShareEntry entry, Optional<Derivation> derivation, Optional<CostParts> cost) {}
