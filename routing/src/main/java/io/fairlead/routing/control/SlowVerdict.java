package io.fairlead.routing.control;

import io.fairlead.routing.evidence.ClassGroup;

/**
 * That an upstream, or a whole domain, became far slower than it was.
 *
 * @param group of which classes the results were
 * @param isDomain whether {@code index} is that of a domain
 * @param index the number of the domain or upstream
 * @param reason the evidence, in numbers
 */
record SlowVerdict(ClassGroup group, boolean isDomain, int index, String reason) {
  static SlowVerdict ofDomain(ClassGroup group, int domain, String reason) {
    return new SlowVerdict(group, true, domain, reason);
  }

  static SlowVerdict ofUpstream(ClassGroup group, int upstream, String reason) {
    return new SlowVerdict(group, false, upstream, reason);
  }
}
