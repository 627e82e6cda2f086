package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.RestoreRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code fairlead restore TARGET}. */
@Command(
    name = "restore",
    description = "Removes every weight and drain that operators have set on a target.")
public final class RestoreCommand extends AdminCommand {
  @Mixin private final ChangeOptions change = new ChangeOptions();

  @Override
  void run(AdminClient client) {
    RestoreRequest request =
        RestoreRequest.newBuilder()
            .setTarget(change.target())
            .setChain(change.chain())
            .setReason(change.reason())
            .setAuthor(change.author())
            .build();
    print("restored " + change.target(), client.calls().restore(request).getChange());
  }
}
