package io.fairlead.gateway.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the command line may change about the demo.
 *
 * @param duration of the whole; the fault comes and goes in proportion
 * @param callsPerSecond of the load
 * @param rpcPort where the gateway listens; empty: 8545, or another when that is taken
 * @param record where the timeline goes as CSV
 */
public record DemoOptions(
    Duration duration, double callsPerSecond, Optional<Integer> rpcPort, Optional<Path> record) {
  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final double FASTEST = 100_000;

  /** Checks the ranges. */
  public DemoOptions {
    if (duration.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("duration: " + duration + " (expected: 2s or more)");
    }
    if (!(callsPerSecond > 0 && callsPerSecond <= FASTEST)) {
      throw new IllegalArgumentException(
          "rate: " + callsPerSecond + " (expected: more than 0, 100000 at the most)");
    }
    rpcPort.ifPresent(
        port -> {
          if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("rpc-port: " + port + " (expected: 0 to 65535)");
          }
        });
  }
}
