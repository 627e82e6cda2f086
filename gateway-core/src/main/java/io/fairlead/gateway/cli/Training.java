package io.fairlead.gateway.cli;

import io.fairlead.gateway.demo.world.NodeProfile;
import io.fairlead.gateway.demo.world.SimulatedChain;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import io.fairlead.gateway.net.MonotonicClock;
import io.fairlead.gateway.net.WallClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A gateway before a node of its own, for the launchers: they start it once, end it when it is
 * ready, and let the JVM keep the classes that it loaded. Without a node a gateway is never ready,
 * and the classes that lead from the first answer to being ready would be missing.
 */
public final class Training {
  private static final long CHAIN_ID = 31_337;
  private static final Duration BLOCK_TIME = Duration.ofSeconds(1);
  private static final long SEED = 1;

  private Training() {}

  /**
   * Serves until the process is told to end.
   *
   * @param args a directory for the configuration, then options of {@code run}
   * @throws IOException if the configuration cannot be written
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 1) {
      throw new IllegalArgumentException("arguments: none (expected: a directory)");
    }
    NodeProfile profile = new NodeProfile("node", "cloud", "region", 0, 1);
    SimulatedChain chain =
        new SimulatedChain(
            SEED, CHAIN_ID, BLOCK_TIME, new WallClock().instant(), new MonotonicClock());
    SimulatedWorld world = SimulatedWorld.start(chain, List.of(profile), SEED);
    Path file = Path.of(args[0], "fairlead.yaml");
    Files.writeString(file, configuration(world.nodes().get(0).url()));
    String[] command = new String[args.length + 2];
    command[0] = "run";
    command[1] = "-c";
    command[2] = file.toString();
    System.arraycopy(args, 1, command, 3, args.length - 1);
    Main.main(command);
  }

  private static String configuration(String url) {
    return "listen: { rpc: '127.0.0.1:0', admin: '127.0.0.1:0', ops: '127.0.0.1:0' }\n"
        + "chains: { training: { chainId: "
        + CHAIN_ID
        + ", upstreams: [ { url: '"
        + url
        + "' } ] } }\n";
  }
}
