package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.evidence.ClassGroup;

/**
 * Everything that the control loop knows of one failure domain.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class DomainState {
  final FailureDomain domain;

  /** For everything. */
  final Recovery recovery = new Recovery();

  final HoldOff limit = HoldOff.forVendors();
  private final Recovery heavy = new Recovery();

  DomainState(FailureDomain domain) {
    this.domain = domain;
  }

  Recovery recovery(ClassGroup group) {
    return group == ClassGroup.QUICK ? recovery : heavy;
  }
}
