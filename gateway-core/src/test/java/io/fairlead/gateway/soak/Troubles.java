package io.fairlead.gateway.soak;

import io.fairlead.gateway.demo.world.Fault;
import io.fairlead.gateway.demo.world.SimulatedNode;
import io.fairlead.gateway.testing.WireFault;
import io.fairlead.gateway.testing.WireProxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What happens to the upstreams, drawn from a seed: one trouble after another, of 3 to 15 s, with 2
 * to 6 s between. Whatever happens, more than half of the nodes of each chain are well, but for
 * {@code push} and {@code big}, of which one wire is.
 *
 * <p>Thread-safety: one thread.
 */
final class Troubles {
  private static final List<String> CLOUDS = List.of("aws", "gcp", "hetzner", "cloudflare");

  private final Upstreams upstreams;
  private final List<Gateway> gateways;
  private final Random random;
  private final Consumer<String> journal;
  private final Pause pause;
  private int count;

  /** Lets time pass; false when the run is over. */
  interface Pause {
    boolean of(long time, TimeUnit unit) throws InterruptedException;
  }

  Troubles(
      Upstreams upstreams,
      List<Gateway> gateways,
      Random random,
      Consumer<String> journal,
      Pause pause) {
    this.upstreams = upstreams;
    this.gateways = gateways;
    this.random = random;
    this.journal = journal;
    this.pause = pause;
  }

  /** How many there were. */
  int count() {
    return count;
  }

  /** Plays until the run is over, and leaves everything well. */
  void play() throws InterruptedException, IOException {
    while (pause.of(2_000 + random.nextInt(4_000), TimeUnit.MILLISECONDS)) {
      count++;
      Runnable end = begin();
      pause.of(3_000 + random.nextInt(12_000), TimeUnit.MILLISECONDS);
      end.run();
    }
    heal();
  }

  private void heal() {
    upstreams.world().setFault(node -> true, Fault.NONE).join();
    upstreams.pushWires().forEach(WireProxy::heal);
    upstreams.bigWires().forEach(WireProxy::heal);
  }

  /** Begins one; what it gives ends it. */
  private Runnable begin() throws IOException {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> cloudFails();
      case 3, 4 -> nodesFail();
      case 5, 6, 7 -> wiresFail("push", upstreams.pushWires());
      case 8 -> wiresFail("big", upstreams.bigWires());
      case 9 -> drain();
      case 10 -> weigh();
      default -> reload();
    };
  }

  private Runnable cloudFails() {
    String cloud = CLOUDS.get(random.nextInt(CLOUDS.size()));
    Fault fault = fault();
    journal.accept("cloud " + cloud + ": " + fault);
    return fail(upstreams.world().nodes(), node -> node.profile().cloud().equals(cloud), fault);
  }

  private Runnable nodesFail() {
    List<SimulatedNode> nodes = new ArrayList<>(upstreams.world().nodes());
    Collections.shuffle(nodes, random);
    List<SimulatedNode> failing = nodes.subList(0, 1 + random.nextInt(3));
    Fault fault = fault();
    journal.accept(failing.stream().map(n -> n.profile().id()).toList() + ": " + fault);
    return fail(failing, node -> true, fault);
  }

  private Runnable fail(
      List<SimulatedNode> among, java.util.function.Predicate<SimulatedNode> which, Fault fault) {
    upstreams.world().setFault(node -> among.contains(node) && which.test(node), fault).join();
    return () -> upstreams.world().setFault(node -> true, Fault.NONE).join();
  }

  private Fault fault() {
    return switch (random.nextInt(12)) {
      case 0 -> Fault.of(Fault.Kind.REFUSE);
      case 1, 2 -> Fault.BLACK_HOLE;
      case 3 -> Fault.of(Fault.Kind.RESET);
      case 4 -> Fault.of(Fault.Kind.ERROR_5XX);
      case 5 -> Fault.errors(0.2 + 0.6 * random.nextDouble(), random.nextInt(50));
      case 6 -> Fault.of(Fault.Kind.ERROR_429);
      case 7 -> Fault.limit(5 + random.nextInt(20));
      case 8 -> Fault.slow(2 + random.nextInt(20));
      case 9 -> Fault.delay(100 + random.nextInt(2_000));
      case 10 -> Fault.of(Fault.Kind.STALE_HEAD);
      default -> Fault.of(Fault.Kind.CUT_BODY);
    };
  }

  private Runnable wiresFail(String name, List<WireProxy> wires) {
    List<WireProxy> failing = new ArrayList<>(wires);
    Collections.shuffle(failing, random);
    List<WireProxy> chosen = failing.subList(0, 1 + random.nextInt(wires.size() - 1));
    WireFault fault =
        switch (random.nextInt(5)) {
          case 0 -> WireFault.of(WireFault.Kind.FREEZE);
          case 1 -> WireFault.of(WireFault.Kind.RESET);
          case 2 -> WireFault.of(WireFault.Kind.DROP);
          case 3 -> WireFault.of(WireFault.Kind.REFUSE);
          default -> WireFault.delay(100 + random.nextInt(900));
        };
    journal.accept(
        name + ", " + chosen.stream().map(wires::indexOf).sorted().toList() + ": " + fault);
    chosen.forEach(wire -> wire.set(fault));
    return () -> chosen.forEach(WireProxy::heal);
  }

  private Runnable drain() {
    String target = "cloud:" + CLOUDS.get(random.nextInt(CLOUDS.size()));
    journal.accept("drain " + target);
    gateways.forEach(gateway -> gateway.drain(target));
    return () -> gateways.forEach(gateway -> gateway.restore(target));
  }

  private Runnable weigh() {
    List<SimulatedNode> nodes = upstreams.world().nodes();
    String target = nodes.get(random.nextInt(nodes.size())).profile().id();
    int weight = random.nextInt(500);
    journal.accept("weight " + target + ' ' + weight);
    gateways.forEach(gateway -> gateway.weigh(target, weight));
    return () -> gateways.forEach(gateway -> gateway.restore(target));
  }

  private Runnable reload() throws IOException {
    journal.accept("reload");
    String yaml = upstreams.yaml(random);
    for (Gateway gateway : gateways) {
      gateway.reload(yaml);
    }
    return () -> {};
  }
}
