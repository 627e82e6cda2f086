package io.fairlead.probes;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.evidence.AttemptResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Scripted nodes, virtual time and a prober that asks them; keeps what the listener is told. */
final class World implements ProbePort, ProbeListener {
  static final Duration ROUND_TRIP = Duration.ofMillis(40);
  private static final Pattern METHOD = Pattern.compile("\"method\":\"(\\w+)\"");

  final VirtualTime time = new VirtualTime();
  final Map<String, FakeNode> nodes = new LinkedHashMap<>();
  final List<UpstreamSpec> specs = new ArrayList<>();
  final Map<String, Identity> identities = new HashMap<>();
  final Map<String, Long> positions = new HashMap<>();
  final Map<String, Head> heads = new HashMap<>();
  final List<Fork> forks = new ArrayList<>();
  final List<Long> chainHeads = new ArrayList<>();
  final List<String> reports = new ArrayList<>();
  final ProbeLedger ledger = new ProbeLedger();
  ChainProber prober;
  final List<Reorganisation> reorganisations = new ArrayList<>();
  AgreedHeads agreed = AgreedHeads.NONE;
  long chainHead = -1;
  long worstLag;

  World(ProbePolicy policy) {
    prober = newProber(policy);
  }

  private ChainProber newProber(ProbePolicy policy) {
    ProbeEnvironment world = new ProbeEnvironment(this, time, new Random(7), ledger);
    return new ChainProber(new EvmExpectation(1), policy, world, this);
  }

  /** Another prober takes over, as after a reload that changes the policy. */
  void restart(ProbePolicy policy) {
    prober.stop();
    prober = newProber(policy);
    start();
  }

  static World withBlocksEvery(Duration blockTime) {
    return new World(
        new ProbePolicy(Duration.ofSeconds(1), Duration.ofSeconds(2), 20_000, blockTime));
  }

  FakeNode add(String id, String cloud) {
    specs.add(
        new UpstreamSpec(
            id,
            List.of(FailureDomain.region(cloud, "r1"), FailureDomain.cloud(cloud)),
            100,
            0,
            Integer.MAX_VALUE));
    FakeNode node = new FakeNode();
    nodes.put(id, node);
    return node;
  }

  /** A node whose head follows the wall clock, some blocks late. */
  FakeNode addLive(String id, String cloud, Duration blockTime) {
    FakeNode node = add(id, cloud);
    node.height = () -> 1000 + time.nanoTime() / blockTime.toNanos();
    return node;
  }

  FakeNode node(String id) {
    return java.util.Objects.requireNonNull(nodes.get(id));
  }

  World start() {
    prober.setUpstreams(specs);
    prober.start();
    return this;
  }

  void pass(Duration duration) {
    time.pass(duration);
  }

  @Override
  public void call(String id, byte[] body, long timeoutNanos, ProbeCallback callback) {
    String text = new String(body, StandardCharsets.UTF_8);
    String method = method(text);
    FakeNode node = node(id);
    node.calls.add(new FakeNode.Call(method, time.nanoTime()));
    if (!node.isSilent) {
      long half = ROUND_TRIP.toNanos() / 2;
      time.schedule(
          () -> {
            byte[] answer = node.answer(method, text);
            time.schedule(() -> callback.onAnswer(node.status, answer), half);
          },
          half);
    }
  }

  /** The method; of a block asked for by another tag than latest, the tag. */
  private static String method(String body) {
    for (String tag : List.of("safe", "finalized")) {
      if (body.contains('"' + tag + '"')) {
        return tag;
      }
    }
    Matcher matcher = METHOD.matcher(body);
    if (!matcher.find()) {
      throw new AssertionError("no method");
    }
    return matcher.group(1);
  }

  @Override
  public void onAgreed(AgreedHeads heads) {
    agreed = heads;
  }

  @Override
  public void onReorganisation(Reorganisation reorganisation) {
    reorganisations.add(reorganisation);
  }

  @Override
  public void onIdentity(String id, Identity identity, String reason) {
    identities.put(id, identity);
    reports.add(id + " " + identity + " " + reason);
  }

  @Override
  public void onHead(String id, Head head) {
    heads.put(id, head);
  }

  @Override
  public void onPosition(String id, long blocks) {
    positions.put(id, blocks);
  }

  @Override
  public void onChainHead(long blocks) {
    chainHead = blocks;
    chainHeads.add(blocks);
    positions.values().forEach(position -> worstLag = Math.max(worstLag, blocks - position));
  }

  @Override
  public void onFork(Fork fork) {
    forks.add(fork);
  }

  @Override
  public void onProbe(String id, AttemptResult outcome, long elapsedNanos, String reason) {
    reports.add(id + " " + outcome + " " + reason);
  }

  long lag(String id) {
    return chainHead - positions.getOrDefault(id, -1L);
  }
}
