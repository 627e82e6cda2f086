package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;

/**
 * Everything that the control loop knows of one failure domain.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class DomainState {
  final FailureDomain domain;
  final Recovery recovery = new Recovery();
  final HoldOff limit = HoldOff.forVendors();

  DomainState(FailureDomain domain) {
    this.domain = domain;
  }
}
