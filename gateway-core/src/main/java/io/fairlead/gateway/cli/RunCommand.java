package io.fairlead.gateway.cli;

import io.fairlead.gateway.app.Gateway;
import io.fairlead.gateway.app.GatewayOptions;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.Problem;
import io.fairlead.gateway.control.ControlException;
import io.fairlead.gateway.control.Signature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code fairlead run}: serves until it is told to end. */
@Command(
    name = "run",
    description = {
      "Runs the gateway until SIGTERM or SIGINT, which let calls under way finish.",
      "SIGHUP reads the configuration again; a file with a mistake changes nothing."
    })
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
  private static final Duration GRACE = Duration.ofSeconds(30);

  @Mixin private ConfigFile file = new ConfigFile();
  @Spec private CommandSpec spec = CommandSpec.create();

  RunCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    FairleadConfig config = load();
    CountDownLatch told = new CountDownLatch(1);
    try (Gateway gateway = start(config)) {
      Signals.on("TERM", told::countDown);
      Signals.on("INT", told::countDown);
      Signals.on("HUP", () -> reload(gateway));
      told.await();
      LOG.info("ending: no new connections, calls under way have {} s", GRACE.toSeconds());
      gateway.shutdown(GRACE);
    }
    LOG.info("ended");
    return 0;
  }

  private FairleadConfig load() {
    ConfigResult result = file.load();
    if (result instanceof ConfigResult.Loaded loaded) {
      loaded.warnings().forEach(spec.commandLine().getErr()::println);
      return loaded.config();
    }
    List<Problem> problems = ((ConfigResult.Refused) result).problems();
    problems.forEach(spec.commandLine().getErr()::println);
    throw new CommandFailure(
        file.path() + " is refused, nothing was started; mend the lines above and start again");
  }

  private Gateway start(FairleadConfig config) {
    try {
      return Gateway.start(config, GatewayOptions.of(file.path(), System.getenv()));
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private void reload(Gateway gateway) {
    Path path = file.path();
    try {
      List<String> changes = gateway.routing().reload(new Signature("SIGHUP", "signal"));
      LOG.info("{}: reloaded: {}", path, changes.isEmpty() ? "nothing changed" : changes);
    } catch (ControlException e) {
      LOG.error("{}: not reloaded, the running configuration stays: {}", path, e.getMessage());
    }
  }
}
