package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.SetWeightRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fairlead weight TARGET N}. */
@Command(
    name = "weight",
    description = "Sets the weight of a target's upstreams, from the next call on.")
public final class WeightCommand extends AdminCommand {
  @Mixin private final ChangeOptions change = new ChangeOptions();
  @Mixin private final TtlOption ttl = new TtlOption();

  @Parameters(
      index = "1",
      paramLabel = "N",
      description = "0 to 10000, relative to the others; 0 takes no new traffic.")
  private int weight;

  @Override
  void run(AdminClient client) {
    SetWeightRequest.Builder request =
        SetWeightRequest.newBuilder()
            .setTarget(change.target())
            .setChain(change.chain())
            .setWeight(weight)
            .setReason(change.reason())
            .setAuthor(change.author());
    ttl.ttl().ifPresent(request::setTtl);
    print(
        "weight " + weight + " for " + change.target(),
        client.calls().setWeight(request.build()).getChange());
  }
}
