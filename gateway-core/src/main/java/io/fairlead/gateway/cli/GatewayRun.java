package io.fairlead.gateway.cli;

import io.fairlead.gateway.app.Gateway;
import io.fairlead.gateway.app.GatewayOptions;
import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.Problem;
import io.fairlead.gateway.control.ControlException;
import io.fairlead.gateway.control.Signature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves by a configuration file until the process is told to end: what {@code fairlead run} does.
 *
 * <p>Thread-safety: confined to the thread that serves.
 */
final class GatewayRun {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayRun.class);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final long SIDECAR_HEAP_MIB = 64;
  private static final long LOOK_AT_HEAP_SECONDS = 5;

  private final Path path;
  private final boolean sidecar;
  private final PrintWriter err;

  GatewayRun(Path path, boolean sidecar, PrintWriter err) {
    this.path = path;
    this.sidecar = sidecar;
    this.err = err;
  }

  /**
   * Serves; returns when calls under way have finished after SIGTERM or SIGINT.
   *
   * @throws CommandFailure if the configuration is refused or an address cannot be had
   */
  void serve() throws InterruptedException {
    FairleadConfig config = load();
    if (sidecar) {
      lookAtHeap(Runtime.getRuntime().maxMemory() >> 20);
    }
    CountDownLatch told = new CountDownLatch(1);
    try (Gateway gateway = start(config)) {
      Signals.on("TERM", told::countDown);
      Signals.on("INT", told::countDown);
      Signals.on("HUP", () -> reload(gateway));
      await(told);
      LOG.info("ending: no new connections, calls under way have {} s", GRACE.toSeconds());
      gateway.shutdown(GRACE);
    }
    LOG.info("ended");
  }

  private void await(CountDownLatch told) throws InterruptedException {
    if (!sidecar) {
      told.await();
      return;
    }
    SmallHeap heap = new SmallHeap(Runtime.getRuntime()::totalMemory, System::gc);
    while (!told.await(LOOK_AT_HEAP_SECONDS, TimeUnit.SECONDS)) {
      heap.look();
    }
  }

  /** The options that keep a process small are Java's, and given before it starts. */
  private static void lookAtHeap(long mib) {
    if (mib > SIDECAR_HEAP_MIB) {
      LOG.warn(
          "--sidecar: the heap may take {} MiB (expected: at most {}; start it by ./fairlead, or"
              + " give java the options in docs/sidecar.md)",
          mib,
          SIDECAR_HEAP_MIB);
    }
  }

  private FairleadConfig load() {
    ConfigResult result = ConfigLoader.load(path, System.getenv());
    if (result instanceof ConfigResult.Loaded loaded) {
      loaded.warnings().forEach(err::println);
      return loaded.config();
    }
    List<Problem> problems = ((ConfigResult.Refused) result).problems();
    problems.forEach(err::println);
    throw new CommandFailure(
        path + " is refused, nothing was started; mend the lines above and start again");
  }

  private Gateway start(FairleadConfig config) {
    try {
      return Gateway.start(config, GatewayOptions.of(path, System.getenv()));
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private void reload(Gateway gateway) {
    try {
      List<String> changes = gateway.routing().reload(new Signature("SIGHUP", "signal"));
      LOG.info("{}: reloaded: {}", path, changes.isEmpty() ? "nothing changed" : changes);
    } catch (ControlException e) {
      LOG.error("{}: not reloaded, the running configuration stays: {}", path, e.getMessage());
    }
  }
}
