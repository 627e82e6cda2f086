package io.fairlead.gateway.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.control.Intent;
import io.fairlead.routing.control.Target;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Turns overrides into what routers understand: the less specific first, so that for a weight the
 * last that matches an upstream is the one that holds.
 */
final class Intents {
  private static final Comparator<OperatorOverride> LESS_SPECIFIC_FIRST =
      Comparator.comparingInt((OperatorOverride o) -> rank(o.target()))
          .thenComparing(o -> !o.target().chain().isEmpty());

  private Intents() {}

  static List<Intent> of(List<OperatorOverride> overrides) {
    return overrides.stream().sorted(LESS_SPECIFIC_FIRST).map(Intents::toIntent).toList();
  }

  private static int rank(Target target) {
    return switch (target.kind()) {
      case FailureDomain.CLOUD -> 0;
      case FailureDomain.REGION -> 2;
      case Target.UPSTREAM -> 3;
      default -> 1; // vendors and labels lie across clouds and are wider than a region
    };
  }

  private static Intent toIntent(OperatorOverride override) {
    OptionalInt weight =
        override.action() instanceof Action.Weight w
            ? OptionalInt.of(w.value())
            : OptionalInt.empty();
    String author = override.by().author();
    return new Intent(override.target(), weight, weight.isEmpty(), author, reason(override));
  }

  private static String reason(OperatorOverride override) {
    String reason = override.by().reason();
    return override
        .term()
        .expiresAt()
        .map(at -> reason + (reason.isEmpty() ? "until " : ", until ") + at)
        .orElse(reason);
  }
}
