package io.fairlead.gateway.verify;

import java.util.Locale;

/** What came of an answer that was not to be taken on trust. */
public enum VerifyResult {
  /** Enough failure domains gave the same. */
  AGREED,
  /** Others were believed, and the client got theirs. */
  OUTVOTED,
  /** Too few agreed; the client got what a trusted upstream said. */
  TRUSTED,
  /** Nobody could confirm it, or it cannot be compared, and the client got it all the same. */
  UNCONFIRMED,
  /** Nobody could confirm it, and the client got an error. */
  REFUSED,
  /** It contradicted itself or the question, and was asked elsewhere. */
  CONTRADICTORY;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in metrics. */
  public String label() {
    return label;
  }
}
