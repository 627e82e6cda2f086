package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.yaml.Spelling;
import io.fairlead.gateway.drill.file.TimelineKeys.Event;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.Targets;
import io.fairlead.routing.sim.scenario.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What goes wrong in a world: resolves targets to upstreams, repeats what repeats, and refuses what
 * cannot be.
 *
 * <p>An upstream can be slow and fail some calls at once. It cannot suffer the same twice at once,
 * and one that refuses, is silent or absent suffers nothing else.
 */
final class Timeline {
  private final World world;
  private final long durationNanos;
  private final List<Located<Event>> events;
  private final List<Placed> placed = new ArrayList<>();

  /** A fault with the entry that it came from. */
  private record Placed(Fault fault, Located<Event> event) {}

  Timeline(World world, long durationNanos, List<Located<Event>> events) {
    this.world = world;
    this.durationNanos = durationNanos;
    this.events = events;
  }

  /** All faults in the file's order; what is wrong is told to the entries' places. */
  List<Fault> check() {
    events.forEach(this::add);
    return placed.stream().map(Placed::fault).toList();
  }

  private void add(Located<Event> event) {
    List<String> ids = resolve(event);
    boolean isInTime = checkTimes(event);
    Optional<FailureDomain> cause = cause(event);
    Event e = event.value();
    long until = e.span().untilNanos().orElse(durationNanos);
    if (ids.isEmpty() || !isInTime || until <= e.span().atNanos()) {
      return;
    }
    List<Placed> own = new ArrayList<>();
    for (int i = 0; i < e.repeat().times(); i++) {
      long shift = i * e.repeat().everyNanos();
      Targets targets = new Targets(ids, cause);
      Fault fault = new Fault(e.kind(), targets, e.span().atNanos() + shift, until + shift);
      own.add(new Placed(fault, event));
    }
    refuseOverlap(event, own);
    placed.addAll(own);
  }

  private boolean checkTimes(Located<Event> event) {
    TimelineKeys.Span span = event.value().span();
    TimelineKeys.Repeat repeat = event.value().repeat();
    String end = "at most the duration, " + DrillTypes.text(durationNanos);
    long shift = (repeat.times() - 1) * repeat.everyNanos();
    long lastUntil = span.untilNanos().orElse(durationNanos) + shift;
    if (span.atNanos() >= durationNanos) {
      String rule = "before the end, " + DrillTypes.text(durationNanos);
      event.refuse("at", DrillTypes.text(span.atNanos()), rule);
    } else if (span.untilNanos().isPresent() && span.untilNanos().get() > durationNanos) {
      event.refuse(endKey(event), "ends at " + DrillTypes.text(span.untilNanos().get()), end);
    } else if (lastUntil > durationNanos) {
      event.refuse("times", "the last one ends at " + DrillTypes.text(lastUntil), end);
    } else {
      return true;
    }
    return false;
  }

  private static String endKey(Located<Event> event) {
    return event.has("until") ? "until" : "for";
  }

  private List<String> resolve(Located<Event> event) {
    Set<String> ids = new LinkedHashSet<>();
    for (String target : event.value().targets()) {
      List<String> found = members(target);
      if (found.isEmpty()) {
        event.refuse(
            "target", target, "an upstream or a failure domain of the world" + hint(target));
      }
      ids.addAll(found);
    }
    return List.copyOf(ids);
  }

  private List<String> members(String text) {
    Target target = Target.parse(text);
    return world.upstreams().stream()
        .map(SimUpstream::spec)
        .filter(spec -> target.covers(spec))
        .map(UpstreamSpec::id)
        .toList();
  }

  private String hint(String target) {
    Set<String> known = new LinkedHashSet<>();
    for (SimUpstream upstream : world.upstreams()) {
      known.add(upstream.spec().id());
      upstream.spec().domains().forEach(d -> known.add(d.toString()));
    }
    return Spelling.hint(target, known);
  }

  private Optional<FailureDomain> cause(Located<Event> event) {
    Event e = event.value();
    if (e.isBlameless()) {
      return Optional.empty();
    }
    if (e.blame().isPresent()) {
      Optional<FailureDomain> blamed = domain(e.blame().get());
      if (blamed.isEmpty()) {
        String rule = "a failure domain of the world, or nobody" + hint(e.blame().get());
        event.refuse("blame", e.blame().get(), rule);
      }
      return blamed;
    }
    return e.targets().size() == 1 && isOfDomains(e.kind())
        ? domain(e.targets().get(0))
        : Optional.empty();
  }

  private Optional<FailureDomain> domain(String text) {
    Target target = Target.parse(text);
    return target.kind().equals(Target.UPSTREAM) || members(text).isEmpty()
        ? Optional.empty()
        : Optional.of(new FailureDomain(target.kind(), target.name()));
  }

  /** Whether a domain that suffers so has failed as a whole. */
  private static boolean isOfDomains(FaultKind kind) {
    return kind instanceof FaultKind.Refuse
        || kind instanceof FaultKind.BlackHole
        || kind instanceof FaultKind.Errors
        || kind instanceof FaultKind.Slow
        || kind instanceof FaultKind.Delay;
  }

  private static boolean isTotal(FaultKind kind) {
    return kind instanceof FaultKind.Refuse
        || kind instanceof FaultKind.BlackHole
        || kind instanceof FaultKind.Absent;
  }

  private static boolean contradict(Fault a, Fault b) {
    boolean isAtOnce = a.fromNanos() < b.untilNanos() && b.fromNanos() < a.untilNanos();
    boolean isEither = isTotal(a.kind()) || isTotal(b.kind());
    return isAtOnce
        && (isEither || a.kind().getClass() == b.kind().getClass())
        && a.targets().upstreamIds().stream().anyMatch(b.targets().upstreamIds()::contains);
  }

  private void refuseOverlap(Located<Event> event, List<Placed> own) {
    for (Placed mine : own) {
      for (Placed other : placed) {
        if (contradict(mine.fault(), other.fault())) {
          refuseOverlap(event, mine.fault(), other);
          return;
        }
      }
    }
  }

  private static void refuseOverlap(Located<Event> event, Fault own, Placed other) {
    String who =
        own.targets().upstreamIds().stream()
            .filter(other.fault().targets().upstreamIds()::contains)
            .findFirst()
            .orElse("");
    int line = other.event().node().position().line();
    event.refuse(
        "fault",
        "contradicts line " + line + " for " + who,
        "one after the other; only slow, errors, delay, stall, steal, lag and limit can be"
            + " together");
  }
}
