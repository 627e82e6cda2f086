package io.fairlead.gateway.net;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Who a port is, and whom it trusts.
 *
 * @param chain the port's certificate, then those that lead to an authority
 * @param key of the first certificate
 * @param authorities that clients' certificates are verified against; empty: none is asked for
 */
record TlsIdentity(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
  TlsIdentity {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
  }

  /** When the first certificate of the chain expires. */
  Instant expiry() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Whether all of the chain is good at a time. */
  boolean isValidAt(Instant time) {
    return chain.stream()
        .allMatch(
            certificate ->
                !time.isBefore(certificate.getNotBefore().toInstant())
                    && !time.isAfter(certificate.getNotAfter().toInstant()));
  }

  @Override
  public String toString() {
    X509Certificate own = chain.get(0);
    return own.getSubjectX500Principal().getName()
        + ", serial "
        + own.getSerialNumber().toString(16)
        + ", from "
        + own.getNotBefore().toInstant()
        + " to "
        + expiry();
  }
}
