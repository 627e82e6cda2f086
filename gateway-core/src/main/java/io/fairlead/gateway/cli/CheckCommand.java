package io.fairlead.gateway.cli;

import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.config.ConfigResult.Loaded;
import io.fairlead.gateway.config.ConfigResult.Refused;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.TlsConfig;
import io.fairlead.gateway.net.ServerTls;
import io.fairlead.gateway.net.ServerTls.Port;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says whether a configuration is good, and if not, everything that is wrong with it. */
@Command(
    name = "check",
    description =
        "Validates a configuration. Each problem is a line FILE:LINE:COLUMN: message on standard"
            + " output; one that begins with \"warning:\" is no reason to refuse it.")
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigFile file = new ConfigFile();

  @Spec private CommandSpec spec = CommandSpec.create();

  CheckCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ConfigResult result = file.load();
    if (result instanceof Refused refused) {
      refused.problems().forEach(out::println);
      int count = refused.problems().size();
      throw new CommandFailure(
          file.path()
              + " is refused: "
              + counted(count, "problem")
              + "; docs/configuration.md describes every key");
    }
    ((Loaded) result).warnings().forEach(out::println);
    FairleadConfig config = ((Loaded) result).config();
    checkTls(Port.RPC, config.listen().encryption().rpc());
    checkTls(Port.ADMIN, config.listen().encryption().admin());
    int upstreams = config.chains().values().stream().mapToInt(c -> c.upstreams().size()).sum();
    out.println(
        file.path()
            + ": ok, "
            + counted(config.chains().size(), "chain")
            + ", "
            + counted(upstreams, "upstream"));
    return 0;
  }

  private void checkTls(Port port, Optional<TlsConfig> tls) {
    try {
      if (tls.isPresent()) {
        ServerTls.check(port, tls.get());
      }
    } catch (IOException e) {
      throw new CommandFailure(file.path() + ": " + e.getMessage(), e);
    }
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
