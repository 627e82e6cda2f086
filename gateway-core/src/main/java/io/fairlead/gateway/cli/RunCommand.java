package io.fairlead.gateway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead run}: serves until it is told to end. */
@Command(
    name = "run",
    description = {
      "Runs the gateway until SIGTERM or SIGINT, which let calls under way finish.",
      "SIGHUP reads the configuration again; a file with a mistake changes nothing."
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private ConfigFile file = new ConfigFile();

  @Option(
      names = "--sidecar",
      description = "Runs beside one application: in little memory, with one event loop.")
  private boolean sidecar;

  @Spec private CommandSpec spec = CommandSpec.create();

  RunCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    new GatewayRun(file.path(), sidecar, spec.commandLine().getErr()).serve();
    return 0;
  }
}
