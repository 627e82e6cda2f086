package io.fairlead.routing.control;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.RoutingEvent.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The operators' overrides now in force, and what each of them comes to for every upstream.
 *
 * <p>Where several cover one upstream the later in the list wins on weight, and any drain drains.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Intents {
  /** A target may carry a drain and a weight at once. */
  private record Key(Target target, boolean drain) {
    Key(Intent intent) {
      this(intent.target(), intent.drain());
    }
  }

  private final Announcer announcer;
  private List<Intent> inForce = List.of();

  Intents(Announcer announcer) {
    this.announcer = announcer;
  }

  /** Replaces the overrides and tells what changed. */
  void set(List<Intent> next, Fleet fleet, String restoredBy, String reason) {
    Map<Key, Intent> before = new LinkedHashMap<>();
    inForce.forEach(i -> before.put(new Key(i), i));
    inForce = List.copyOf(next);
    for (Intent intent : inForce) {
      if (!intent.equals(before.remove(new Key(intent)))) {
        tell(intent.drain() ? Kind.DRAINED : Kind.WEIGHT, intent, fleet, describe(intent));
      }
    }
    for (Intent gone : before.values()) {
      Intent restored = new Intent(gone.target(), OptionalInt.empty(), false, restoredBy, reason);
      String was = gone.drain() ? "drain" : "weight";
      tell(
          Kind.RESTORED,
          restored,
          fleet,
          "the " + was + " set by " + gone.author() + " ended" + because(reason));
    }
    apply(fleet);
  }

  private void tell(Kind kind, Intent intent, Fleet fleet, String reason) {
    List<Upstream> members =
        fleet.topology.upstreams().stream().filter(intent.target()::matches).toList();
    if (!members.isEmpty()) {
      announcer.operator(kind, intent.target(), members, reason, intent.author());
    }
  }

  /** The kind of the event says what was done; a weight also needs its number. */
  private static String describe(Intent intent) {
    if (intent.drain()) {
      return intent.reason().isEmpty() ? "no reason given" : intent.reason();
    }
    return "to " + intent.weight().stream().sum() + because(intent.reason());
  }

  private static String because(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }

  /** Writes the overrides into the states. */
  void apply(Fleet fleet) {
    for (UpstreamState u : fleet.states) {
      boolean wasEligible = u.isEligible();
      u.weightOverride = OptionalInt.empty();
      u.weightReason = "configured";
      u.drainReason = "";
      for (Intent intent : inForce) {
        if (intent.target().matches(u.upstream)) {
          apply(intent, u);
        }
      }
      if (u.isEligible() && !wasEligible) {
        u.onEligible();
      }
    }
  }

  private static void apply(Intent intent, UpstreamState u) {
    String by = "set by " + intent.author() + because(intent.reason());
    if (intent.weight().isPresent()) {
      u.weightOverride = intent.weight();
      u.weightReason = by;
    }
    if (intent.drain()) {
      u.drainReason = "drained by " + intent.author() + because(intent.reason());
    }
  }
}
