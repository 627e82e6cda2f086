package io.fairlead.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.demo.view.DemoView;
import io.fairlead.gateway.demo.view.Frame;
import io.fairlead.gateway.demo.view.Phase;
import io.fairlead.gateway.demo.view.Summary;
import io.fairlead.gateway.demo.world.SimulatedNode;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import io.fairlead.gateway.net.MonotonicClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The laws of the demo's course, with a single node standing in for the gateway. */
@Timeout(60)
class DemoTest {
  private static final DemoOptions SHORT =
      new DemoOptions(Duration.ofSeconds(3), 100, Optional.empty(), Optional.empty());

  private final List<Frame> frames = new ArrayList<>();
  private final List<String> greetings = new ArrayList<>();
  private boolean hasEnded;

  /** Every call goes to one node, whatever happens to it. */
  private record OneNode(SimulatedNode node) implements DemoGateway {
    @Override
    public InetSocketAddress rpcAddress() {
      return node.address();
    }

    @Override
    public List<String> greeting() {
      return List.of("hello");
    }

    @Override
    public Map<String, Double> shares() {
      return Map.of(node.profile().id(), 1.0);
    }

    @Override
    public void close() {}
  }

  private Summary run(DemoGateway.Starter starter) throws Exception {
    Demo demo =
        new Demo(SHORT, starter, new MonotonicClock(), () -> Instant.ofEpochSecond(1_700_000_000));
    return demo.run(
        greetings::addAll,
        new DemoView() {
          @Override
          public void onFrame(Frame frame) {
            frames.add(frame);
          }

          @Override
          public void onEnd() {
            hasEnded = true;
          }
        });
  }

  private static DemoGateway start(SimulatedWorld world, String id, Consumer<String> onEvent) {
    onEvent.accept("too early to matter");
    return new OneNode(world.node(id));
  }

  @Test
  void unconcernedNodeLosesNothingWhileTheCloudFails() throws Exception {
    Summary summary = run((world, onEvent) -> start(world, "cloudflare-1", onEvent));
    assertTrue(summary.isLossless(), () -> String.join("\n", summary.lines()));
    assertEquals("hello", greetings.get(0));
    assertTrue(hasEnded);
    assertTrue(summary.last().load().total().calls() > 100);
    assertEquals(Phase.AFTER, summary.last().phase());
    assertEquals(4, frames.get(0).places().size());
    assertEquals(List.of(), summary.last().events(), "events before the start are not shown");
  }
}
