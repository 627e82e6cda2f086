package io.fairlead.routing.attempt;

/** Why an attempt was made. */
public enum AttemptKind {
  /** The first. */
  PRIMARY,
  /** After another attempt of the call had failed. */
  RETRY,
  /** Beside another that is slower than most. */
  HEDGE,
  /** Beside another whose upstream has been ejected meanwhile. */
  RESCUE
}
