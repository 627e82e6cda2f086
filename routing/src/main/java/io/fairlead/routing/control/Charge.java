package io.fairlead.routing.control;

import io.fairlead.routing.evidence.Suspicion;

/**
 * What one upstream is charged with in one group of classes, and where it is on its way out and
 * back.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Charge {
  final Suspicion suspicion = new Suspicion();
  final Recovery recovery = new Recovery();

  /** The score it was ejected for, alone or with a domain, corrected by what came late. */
  double ejectionScore;

  long ejectedAtNanos;
  long creditsWhileOut;
}
