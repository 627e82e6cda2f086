package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.ChainSubscriptions;
import io.fairlead.admin.v1.HeadSource;
import io.fairlead.admin.v1.ListSubscriptionsRequest;
import io.fairlead.admin.v1.ListSubscriptionsResponse;
import io.fairlead.admin.v1.Topic;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fairlead subscriptions}. */
@Command(
    name = "subscriptions",
    description = "Shows what clients wait for, and which upstreams are listened to.")
public final class SubscriptionsCommand extends AdminCommand {
  @Option(names = "--chain", paramLabel = "CHAIN", description = "Only this chain.")
  private String chain = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "At most so many topics a chain, the busiest, 1 to 10000 (default: ${DEFAULT-VALUE}).",
      defaultValue = "20")
  private int limit;

  @Override
  void run(AdminClient client) {
    ListSubscriptionsResponse listed =
        client
            .calls()
            .listSubscriptions(
                ListSubscriptionsRequest.newBuilder().setChain(chain).setLimit(limit).build());
    if (isJson()) {
      out().println(ProtoJson.pretty(listed));
      return;
    }
    String separator = "";
    for (ChainSubscriptions each : listed.getChainsList()) {
      out().print(separator);
      print(each);
      separator = System.lineSeparator();
    }
  }

  private void print(ChainSubscriptions each) {
    out()
        .println(
            each.getChain()
                + "  "
                + each.getSubscriptions()
                + " subscriptions to "
                + each.getTopics()
                + " topics  heads from "
                + (each.getSourcesCount() == 0 ? "nobody" : sources(each)));
    if (each.getBusiestCount() > 0) {
      TextTable table = new TextTable(">SUBSCRIPTIONS", "KIND", "FILTER");
      for (Topic topic : each.getBusiestList()) {
        table.add(String.valueOf(topic.getSubscriptions()), topic.getKind(), topic.getFilter());
      }
      table.print(out());
    }
  }

  private static String sources(ChainSubscriptions each) {
    return each.getSourcesList().stream()
        .map(SubscriptionsCommand::source)
        .collect(Collectors.joining(", "));
  }

  private static String source(HeadSource source) {
    String head = source.hasHeadBlock() ? " at " + source.getHeadBlock() : "";
    return TextTable.printable(source.getUpstream())
        + (source.getPushes() ? " (pushes" : " (polled")
        + head
        + ')';
  }
}
