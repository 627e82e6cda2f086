package io.fairlead.gateway.admin;

import com.google.protobuf.Timestamp;
import io.fairlead.admin.v1.Override;
import io.fairlead.gateway.control.Action;
import io.fairlead.gateway.control.Change;
import io.fairlead.gateway.control.OperatorOverride;
import java.time.Instant;
import java.util.List;

/** Overrides and changes as messages. */
final class OverrideMessages {
  private OverrideMessages() {}

  static List<Override> of(List<OperatorOverride> overrides) {
    return overrides.stream().map(OverrideMessages::of).toList();
  }

  static io.fairlead.admin.v1.Change of(Change change) {
    io.fairlead.admin.v1.Change.Builder message =
        io.fairlead.admin.v1.Change.newBuilder()
            .addAllRemoved(of(change.removed()))
            .addAllUpstreams(change.upstreams())
            .addAllWarnings(change.warnings());
    change.made().ifPresent(made -> message.setOverride(of(made)));
    return message.build();
  }

  static Timestamp toTimestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static Override of(OperatorOverride override) {
    Override.Builder message =
        Override.newBuilder()
            .setId(override.id())
            .setTarget(override.target().toString())
            .setChain(override.target().chain())
            .setAuthor(override.by().author())
            .setReason(override.by().reason())
            .setCreatedAt(toTimestamp(override.term().createdAt()));
    override.term().expiresAt().ifPresent(at -> message.setExpiresAt(toTimestamp(at)));
    if (override.action() instanceof Action.Weight weight) {
      message.setKind(Override.Kind.WEIGHT).setWeight(weight.value());
    } else {
      message.setKind(Override.Kind.DRAIN);
    }
    return message.build();
  }
}
