package io.fairlead.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.demo.view.DemoView;
import io.fairlead.gateway.demo.view.Frame;
import io.fairlead.gateway.demo.view.Phase;
import io.fairlead.gateway.demo.view.Summary;
import io.fairlead.gateway.demo.world.NodeProfile;
import io.fairlead.gateway.demo.world.SimulatedChain;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import io.fairlead.gateway.net.MonotonicClock;
import io.netty.util.NetUtil;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The laws of the whole demo: the production gateway before the simulated world. */
@Timeout(120)
class LocalGatewayTest {
  private static final DemoGateway.Starter ANYWHERE = new LocalGateway.Starter(Optional.of(0));
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  @Test
  void aCloudBecomesABlackHoleAndNoCallIsLost() throws Exception {
    DemoOptions options =
        new DemoOptions(Duration.ofSeconds(12), 100, Optional.of(0), Optional.empty());
    List<Frame> frames = new ArrayList<>();
    Demo demo = new Demo(options, ANYWHERE, new MonotonicClock(), () -> NOW);
    Summary summary =
        demo.run(
            greeting -> {},
            new DemoView() {
              @Override
              public void onFrame(Frame frame) {
                frames.add(frame);
              }

              @Override
              public void onEnd() {}
            });
    String text = String.join("\n", summary.lines());
    assertTrue(summary.isLossless(), text);
    assertEquals(0, summary.last().load().total().wrong());
    assertTrue(summary.last().load().total().calls() > 1_000, text);
    assertTrue(
        frames.stream().anyMatch(f -> f.phase() != Phase.BEFORE && awsShare(f) < 0.05), text);
    assertTrue(
        summary.last().events().stream().anyMatch(e -> e.text().contains("aws")),
        () -> summary.last().events().toString());
  }

  private static double awsShare(Frame frame) {
    return frame.places().stream()
        .filter(place -> place.cloud().equals("aws"))
        .mapToDouble(Frame.Place::share)
        .sum();
  }

  @Test
  void transactionThatTheNetworkKnowsIsAnsweredWithItsHash() throws Exception {
    SimulatedChain chain =
        new SimulatedChain(1, 1337, Duration.ofSeconds(2), NOW, new MonotonicClock());
    List<NodeProfile> near = List.of(new NodeProfile("a-1", "a", "x", 0, 0.2));
    String raw = "0x02c0ffee";
    assertTrue(chain.submit(raw));
    assertFalse(chain.submit(raw));
    try (SimulatedWorld world = SimulatedWorld.start(chain, near, 1);
        DemoGateway gateway = ANYWHERE.start(world, event -> {})) {
      URI uri = URI.create("http://127.0.0.1:" + gateway.rpcAddress().getPort());
      String call =
          "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"eth_sendRawTransaction\",\"params\":[\""
              + raw
              + "\"]}";
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(call)).build(),
                  BodyHandlers.ofString());
      String hash = SimulatedChain.rawTransactionHash(raw);
      assertEquals(
          "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":\"" + hash + "\"}", response.body());
    }
  }

  @Test
  void takenPortIsRefusedByName() throws Exception {
    SimulatedChain chain =
        new SimulatedChain(1, 1337, Duration.ofSeconds(2), NOW, new MonotonicClock());
    List<NodeProfile> near = List.of(new NodeProfile("a-1", "a", "x", 0, 0.2));
    try (SimulatedWorld world = SimulatedWorld.start(chain, near, 1);
        ServerSocket other = new ServerSocket(0, 1, NetUtil.LOCALHOST4)) {
      DemoGateway.Starter there = new LocalGateway.Starter(Optional.of(other.getLocalPort()));
      String said =
          String.valueOf(
              assertThrows(BindException.class, () -> there.start(world, event -> {}))
                  .getMessage());
      assertTrue(said.contains(other.getLocalPort() + " is taken"), said);
    }
  }
}
