package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Fault;
import io.fairlead.gateway.testing.FaultProxy;
import io.fairlead.gateway.testing.RealTime;
import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.testing.ScriptClient;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the project is for: while one region fails in any way at all, web3j, ethers and viem deploy,
 * send, wait for receipts and read, and see no error and no wrong answer.
 *
 * <p>The three regions are one real node behind three addresses in different clouds.
 */
@RequiresNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FailingRegionTest {
  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final List<String> UPSTREAMS = List.of("aws-1", "gcp-1", "hetzner-1");

  private final Anvil anvil = Anvil.start();
  private final List<FaultProxy> regions =
      Stream.generate(() -> new FaultProxy(anvil.uri())).limit(3).toList();
  private final List<RoundClient> clients = new ArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("client", true));
  private final GatewayFixture gateway =
      GatewayFixture.start(
          String.format(
              Locale.ROOT,
              """
              probes: { dailyBudget: 10000000 }
              chains:
                test:
                  chainId: %d
                  blockTime: 1s
                  upstreams:
                    - { id: aws-1, url: "%s", cloud: aws, region: us-east-1 }
                    - { id: gcp-1, url: "%s", cloud: gcp, region: europe-west4 }
                    - { id: hetzner-1, url: "%s", cloud: hetzner, region: fsn1 }
              """,
              Anvil.CHAIN_ID,
              regions.get(0).uri(),
              regions.get(1).uri(),
              regions.get(2).uri()));
  private int turn;

  @BeforeAll
  void connect() {
    URI url = gateway.rpc("/test");
    clients.add(new Web3jClient(url, Anvil.CHAIN_ID, Anvil.key(0)));
    clients.add(script("ethers.mjs", url, Anvil.key(1)));
    clients.add(script("viem.mjs", url, Anvil.key(2)));
  }

  @AfterAll
  void stop() {
    clients.forEach(RoundClient::close);
    gateway.close();
    regions.forEach(FaultProxy::close);
    anvil.close();
    threads.shutdownNow();
  }

  static Stream<Fault> faults() {
    return Stream.of(
        Fault.delay(400),
        Fault.of(Fault.Kind.REFUSE),
        Fault.of(Fault.Kind.BLACK_HOLE),
        Fault.of(Fault.Kind.RESET),
        Fault.of(Fault.Kind.HTTP_500),
        Fault.of(Fault.Kind.HTTP_503),
        Fault.of(Fault.Kind.HTTP_429),
        Fault.of(Fault.Kind.CUT_BODY));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void noClientNoticesThatARegionFails(Fault fault, TestReporter report) throws Exception {
    FaultProxy region = regions.get(turn++ % regions.size());
    gateway.awaitServing("test", regions.size(), RECOVERY);
    long start = RealTime.CLOCK.nanoTime();
    long before = region.requests();
    List<Future<?>> first = startRounds();
    Eventually.holds("traffic in the region", RECOVERY, () -> region.requests() > before + 2);
    region.set(fault);
    await(first);
    await(startRounds());
    region.heal();
    await(startRounds());
    long millis = (RealTime.CLOCK.nanoTime() - start) / 1_000_000;
    report.publishEntry(fault + ": three rounds of three clients took " + millis + " ms");
  }

  @ParameterizedTest
  @MethodSource("stale")
  void noClientSeesTheViewOfARegionThatStandsStill(Fault fault) throws Exception {
    int stale = turn++ % regions.size();
    FaultProxy region = regions.get(stale);
    gateway.awaitServing("test", regions.size(), RECOVERY);
    region.set(fault);
    anvil.mine(5);
    gateway.awaitAllServingBut("test", UPSTREAMS.get(stale), RECOVERY);
    long before = headSensitive(region);
    await(startRounds());
    await(startRounds());
    assertTrue(headSensitive(region) == before, "the region that stands still was asked");
    region.heal();
    await(startRounds());
  }

  static Stream<Fault> stale() {
    return Stream.of(Fault.of(Fault.Kind.STALE_HEAD));
  }

  private static long headSensitive(FaultProxy region) {
    return region.count("eth_call")
        + region.count("eth_getBalance")
        + region.count("eth_getTransactionCount")
        + region.count("eth_estimateGas");
  }

  private List<Future<?>> startRounds() {
    List<Future<?>> rounds = new ArrayList<>();
    for (RoundClient client : clients) {
      rounds.add(
          threads.submit(
              () -> {
                client.round();
                return client;
              }));
    }
    return rounds;
  }

  private static void await(List<Future<?>> rounds) throws Exception {
    for (Future<?> round : rounds) {
      try {
        round.get();
      } catch (ExecutionException e) {
        throw new AssertionError("a client noticed: " + e.getCause(), e.getCause());
      }
    }
  }

  private static RoundClient script(String name, URI url, String key) {
    ScriptClient client = new ScriptClient(name, url, Anvil.CHAIN_ID, key);
    return new RoundClient() {
      @Override
      public void round() {
        client.round();
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }
}
