package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.Change;
import io.fairlead.gateway.cli.CommandFailure;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.Secret;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A command that asks a running gateway something: 0 when it was answered, 1 with one line on
 * standard error when not, 2 when what was asked breaks a rule.
 */
abstract class AdminCommand implements Callable<Integer> {
  @Mixin private final AdminOptions options = new AdminOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call
  private CommandSpec spec;

  private final Map<String, String> environment = System.getenv();

  /** Asks and prints the answer. */
  abstract void run(AdminClient client);

  @Override
  public final Integer call() {
    try (AdminClient client = client()) {
      run(client);
      return 0;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
        throw new ParameterException(spec.commandLine(), explain(e), e);
      }
      throw new CommandFailure(explain(e), e);
    } finally {
      out().flush();
    }
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Prints what a change did. */
  final void print(String done, Change change) {
    if (isJson()) {
      out().println(ProtoJson.pretty(change));
    } else {
      ChangeText.print(done, change, out());
    }
  }

  final boolean isJson() {
    return options.isJson();
  }

  final CommandFailure ended() {
    return new CommandFailure("the gateway at " + addressText() + " has shut down");
  }

  private HostPort address() {
    return options
        .address(environment)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "--admin: " + addressText() + " (expected: HOST:PORT)"));
  }

  private AdminClient client() {
    HostPort address = address();
    Optional<Secret> token = token();
    try {
      return new AdminClient(address, token, options.tls(environment));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Secret> token() {
    try {
      return options.token(environment);
    } catch (IOException e) {
      throw new CommandFailure("--token-file: cannot be read: " + e, e);
    }
  }

  private String addressText() {
    return options.addressText(environment);
  }

  private String explain(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    Throwable cause = status.getCause(); // of this side: the gateway sends none
    if (cause != null) {
      return unreachable(cause);
    }
    return switch (status.getCode()) {
      case UNAUTHENTICATED ->
          "the gateway at "
              + addressText()
              + " wants an admin token; give one with --token-file FILE or FAIRLEAD_TOKEN";
      case DEADLINE_EXCEEDED -> "the gateway at " + addressText() + " does not answer in time";
      case UNIMPLEMENTED ->
          addressText() + " is no admin port of this version; name it with --admin HOST:PORT";
      case UNAVAILABLE -> isCutOff(status) ? noPlainPort() : description(status);
      default -> description(status);
    };
  }

  private String unreachable(Throwable cause) {
    Optional<String> tls = AdminTls.explain(cause, addressText());
    if (tls.isPresent()) {
      return tls.get();
    }
    for (Throwable c = cause; c != null; c = c.getCause()) {
      if (c instanceof SocketException
          || c instanceof UnknownHostException
          || c instanceof UnresolvedAddressException) {
        return "no gateway answers at "
            + addressText()
            + "; start it with ./fairlead run -c FILE or name it with --admin";
      }
    }
    return noPlainPort();
  }

  /** gRPC's words for a connection that ended before it was one; a gateway has other reasons. */
  private static boolean isCutOff(Status status) {
    return "Network closed for unknown reason".equals(status.getDescription());
  }

  private String noPlainPort() {
    return addressText()
        + " answers, but is no plain admin port (listen.admin); name it with --admin HOST:PORT, or"
        + " give --tls-ca FILE if it speaks TLS (listen.adminTls)";
  }

  private static String description(Status status) {
    String description = status.getDescription();
    return description == null ? status.getCode().toString() : description;
  }
}
