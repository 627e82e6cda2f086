package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.DrainRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code fairlead drain TARGET}. */
@Command(
    name = "drain",
    description = "Takes new traffic off a target's upstreams, from the next call on.")
public final class DrainCommand extends AdminCommand {
  @Mixin private final ChangeOptions change = new ChangeOptions();
  @Mixin private final TtlOption ttl = new TtlOption();

  @Override
  void run(AdminClient client) {
    DrainRequest.Builder request =
        DrainRequest.newBuilder()
            .setTarget(change.target())
            .setChain(change.chain())
            .setReason(change.reason())
            .setAuthor(change.author());
    ttl.ttl().ifPresent(request::setTtl);
    print("drained " + change.target(), client.calls().drain(request.build()).getChange());
  }
}
