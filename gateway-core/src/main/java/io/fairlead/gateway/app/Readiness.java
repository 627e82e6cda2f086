package io.fairlead.gateway.app;

import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Whether the gateway can serve: each chain has an upstream that can, and nothing is shutting down.
 *
 * <p>Thread-safety: {@link #look} on the control thread; the rest from any thread.
 */
final class Readiness {
  private final Supplier<List<RoutingTable>> tables;
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final Consumer<Boolean> onChange;
  private volatile boolean draining;
  private volatile boolean ready;

  Readiness(Supplier<List<RoutingTable>> tables, Consumer<Boolean> onChange) {
    this.tables = tables;
    this.onChange = onChange;
  }

  /** Looks whether anything has changed. */
  void look() {
    boolean now = problems().isEmpty();
    if (now != ready) {
      ready = now;
      onChange.accept(now);
      if (now) {
        first.complete(null);
      }
    }
  }

  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  boolean isReady() {
    return ready && !draining;
  }

  /** Done when the gateway is ready for the first time. */
  CompletionStage<Void> first() {
    return first;
  }

  /** Why the gateway is not ready, a line each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (draining) {
      problems.add("the gateway is shutting down");
    }
    for (RoutingTable table : tables.get()) {
      problemOf(table).ifPresent(problems::add);
    }
    return problems;
  }

  private static Optional<String> problemOf(RoutingTable table) {
    return table.isUsable()
        ? Optional.empty()
        : Optional.of("chain " + table.chain() + ": no upstream can serve");
  }
}
