package io.fairlead.gateway.cli;

import io.fairlead.gateway.cli.admin.DrainCommand;
import io.fairlead.gateway.cli.admin.EventsCommand;
import io.fairlead.gateway.cli.admin.RestoreCommand;
import io.fairlead.gateway.cli.admin.RoutesCommand;
import io.fairlead.gateway.cli.admin.SubscriptionsCommand;
import io.fairlead.gateway.cli.admin.WeightCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * The root of all commands.
 *
 * <p>Exit status: 0 done; 1 it failed; 2 wrong usage. In both of the latter cases one line on
 * standard error says why and what to do.
 */
@Command(
    name = "fairlead",
    description = "Guides JSON-RPC traffic clear of failing nodes, regions and clouds.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = BuildVersion.class,
    exitCodeOnInvalidInput = FairleadCommand.WRONG_USAGE,
    exitCodeOnExecutionException = FailureReport.FAILED,
    subcommands = {
      RunCommand.class,
      DemoCommand.class,
      CheckCommand.class,
      DrillCommand.class,
      RoutesCommand.class,
      WeightCommand.class,
      DrainCommand.class,
      RestoreCommand.class,
      EventsCommand.class,
      SubscriptionsCommand.class
    })
public final class FairleadCommand {
  static final int WRONG_USAGE = 2;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      scope = ScopeType.INHERIT,
      description = "How log lines are written to standard error: text or json.")
  private LogFormat logFormat = LogFormat.TEXT;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      scope = ScopeType.INHERIT,
      description = "What is logged: error, warn, info, debug or trace.")
  private LogLevel logLevel = LogLevel.INFO;

  FairleadCommand() {}

  /**
   * Runs one command.
   *
   * @param out standard output
   * @param err standard error
   * @param args the command line
   * @return the exit status
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    FairleadCommand root = new FairleadCommand();
    CommandLine commands = new CommandLine(root);
    commands.setOut(out);
    commands.setErr(err);
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setExecutionStrategy(root::runLast);
    commands.setParameterExceptionHandler(FairleadCommand::refuseUsage);
    commands.setExecutionExceptionHandler(FairleadCommand::fail);
    int status = commands.execute(args);
    out.flush();
    err.flush();
    return status;
  }

  private int runLast(ParseResult parsed) {
    LogSetup.start(logFormat, logLevel);
    if (!parsed.hasSubcommand()
        && !parsed.isUsageHelpRequested()
        && !parsed.isVersionHelpRequested()) {
      throw new ParameterException(parsed.commandSpec().commandLine(), "Missing command");
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int refuseUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String reason = FailureReport.oneLine(e).replaceAll("[.!]$", "");
    command
        .getErr()
        .println(
            "fairlead: "
                + reason
                + "; see "
                + command.getCommandSpec().qualifiedName()
                + " --help");
    return WRONG_USAGE;
  }

  private static int fail(Exception e, CommandLine command, ParseResult parsed) {
    return FailureReport.report(e, command.getErr());
  }
}
