package io.fairlead.routing.evidence;

/**
 * What is known of one upstream when the jury sits.
 *
 * @param score what speaks against it, 0 or more
 * @param suspicion what the score is made of
 * @param lagNanos how long a light answer takes there, a slow one
 * @param inFlight attempts of which nothing is known yet
 */
public record Testimony(double score, Suspicion suspicion, long lagNanos, int inFlight) {}
