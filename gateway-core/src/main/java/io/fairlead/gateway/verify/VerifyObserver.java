package io.fairlead.gateway.verify;

import io.fairlead.routing.Upstream;

/**
 * Hears what comes of verification.
 *
 * <p>Thread-safety: called on all event loops; must be safe and quick.
 */
public interface VerifyObserver {
  /** An answer of an untrusted upstream was dealt with. */
  void onVerified(VerifyResult result);

  /**
   * An untrusted upstream is proven to have lied.
   *
   * @param by who
   * @param evidence who said what, fit to be shown: no secret, nothing that the upstream chose but
   *     a few digits
   */
  void onLie(Upstream by, String evidence);
}
