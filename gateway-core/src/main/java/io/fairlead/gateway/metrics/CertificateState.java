package io.fairlead.gateway.metrics;

import java.time.Instant;

/**
 * What is known of the certificate of a listening port.
 *
 * @param listener which port
 * @param expiry when it expires
 * @param refused whether its files have changed since and cannot be used
 */
public record CertificateState(String listener, Instant expiry, boolean refused) {}
