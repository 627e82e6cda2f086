package io.fairlead.gateway.drill.play;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fairlead.probes.ChainProber;
import io.fairlead.probes.EvmExpectation;
import io.fairlead.probes.Fork;
import io.fairlead.probes.Head;
import io.fairlead.probes.ProbeCallback;
import io.fairlead.probes.ProbeEnvironment;
import io.fairlead.probes.ProbeListener;
import io.fairlead.probes.ProbePolicy;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.ProbeReply;
import io.fairlead.routing.sim.policy.SimProber;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Health;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The gateway's own prober in a simulated world: its questions go to simulated upstreams, and what
 * those answer comes back as the JSON that a node would send.
 *
 * <p>What the gateway tells its prober (organic answers and heads, suspects) this tells it too, and
 * what the prober learns goes to the router as in the gateway.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
public final class ProductionProber implements SimProber, ProbeListener {
  private static final EvmExpectation CHAIN = new EvmExpectation(1);

  private final ChainRouter router;
  private final Network network;
  private final ChainProber prober;
  private final Map<String, Integer> indexes = new HashMap<>();
  private boolean hasBegun;

  private ProductionProber(
      ChainRouter router, Network network, RandomGenerator random, ProbePolicy policy) {
    this.router = router;
    this.network = network;
    List<UpstreamSpec> upstreams = network.upstreams();
    for (int i = 0; i < upstreams.size(); i++) {
      indexes.put(upstreams.get(i).id(), i);
    }
    this.prober =
        new ChainProber(CHAIN, policy, new ProbeEnvironment(this::call, network, random), this);
  }

  /**
   * Makes probers.
   *
   * @param policy how often and how much they ask
   * @return their factory
   */
  public static SimProber.Factory factory(ProbePolicy policy) {
    return (router, network, random) -> new ProductionProber(router, network, random, policy);
  }

  @Override
  public void onUpstreams(List<UpstreamSpec> now) {
    prober.setUpstreams(now);
    if (!hasBegun) {
      hasBegun = true;
      prober.start();
    }
  }

  @Override
  public void onTable(RoutingTable table) {
    for (int i = 0; i < table.size(); i++) {
      boolean isSuspect = table.status(table.upstream(i)).health() != Health.HEALTHY;
      prober.setSuspect(table.upstream(i).id(), isSuspect);
    }
  }

  @Override
  public void onOrganicAnswer(int upstream, long headBlocks) {
    String id = network.upstreams().get(upstream).id();
    prober.onOrganicAnswer(id);
    if (headBlocks >= 0) {
      prober.onOrganicHead(id, headBlocks);
    }
  }

  private void call(String id, byte[] body, long timeoutNanos, ProbeCallback callback) {
    String question = new String(body, US_ASCII);
    network.probe(indexes.getOrDefault(id, 0), reply -> answer(question, reply, callback));
  }

  private static void answer(String question, ProbeReply reply, ProbeCallback callback) {
    if (reply.result() == AttemptResult.SUCCESS) {
      callback.onAnswer(200, json(result(question, reply.headBlocks())));
    } else if (reply.result() == AttemptResult.LIMITED) {
      callback.onAnswer(429, new byte[0]);
    } else {
      callback.onFailure(false, "connection refused");
    }
  }

  /** What a node in sync on chain 1 says. */
  private static String result(String question, long head) {
    if (question.contains("eth_chainId")) {
      return "\"0x1\"";
    }
    if (question.contains("eth_syncing")) {
      return "false";
    }
    if (question.contains("eth_getBlockByNumber")) {
      return String.format(
          Locale.ROOT,
          "{\"number\":\"0x%x\",\"hash\":\"0x%064x\",\"timestamp\":\"0x%x\"}",
          head,
          head,
          head);
    }
    return "\"0x0\"";
  }

  private static byte[] json(String result) {
    return ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + result + "}").getBytes(US_ASCII);
  }

  @Override
  public void onIdentity(String id, Identity identity, String reason) {
    router.onIdentity(id, identity);
  }

  @Override
  public void onHead(String id, Head head) {}

  @Override
  public void onPosition(String id, long blocks) {
    router.onHead(id, blocks);
  }

  @Override
  public void onChainHead(long blocks) {
    router.setChainHead(blocks);
  }

  @Override
  public void onFork(Fork fork) {}

  @Override
  public void onProbe(String id, AttemptResult outcome, long elapsedNanos, String reason) {
    router.onProbe(id, outcome, elapsedNanos);
  }
}
