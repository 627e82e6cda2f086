package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.ExplainUpstreamRequest;
import io.fairlead.admin.v1.ExplainUpstreamResponse;
import io.fairlead.admin.v1.GetRoutingTableRequest;
import io.fairlead.admin.v1.GetRoutingTableResponse;
import io.fairlead.admin.v1.WatchRoutingTableRequest;
import io.fairlead.admin.v1.WatchRoutingTableResponse;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** {@code fairlead routes}. */
@Command(name = "routes", description = "Shows where calls go now, and why.")
public final class RoutesCommand extends AdminCommand {
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  @Option(names = "--chain", paramLabel = "CHAIN", description = "Only this chain.")
  private String chain = "";

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description =
          "Shares of this method class: light, read, logs, trace or write (default: read).")
  private String methodClass = "read";

  @Option(names = "--why", description = "Adds every factor of each share with its reason.")
  private boolean why;

  @Option(
      names = "--explain",
      paramLabel = "UPSTREAM",
      description = "Why this upstream has its share: factors, arithmetic, cost and events.")
  private String explain = "";

  @Option(names = "--watch", description = "Shows the table again after each change.")
  private boolean watch;

  @Override
  void run(AdminClient client) {
    if (!explain.isEmpty()) {
      explain(client);
      return;
    }
    RoutesText text = new RoutesText(methodClass, why);
    if (watch) {
      watch(client, text);
      throw ended();
    }
    GetRoutingTableResponse routes =
        client.calls().getRoutingTable(GetRoutingTableRequest.newBuilder().setChain(chain).build());
    if (isJson()) {
      out().println(ProtoJson.pretty(routes));
    } else {
      text.print(routes.getTablesList(), routes.getOverridesList(), out());
    }
  }

  private void explain(AdminClient client) {
    ExplainUpstreamResponse explained =
        client
            .calls()
            .explainUpstream(
                ExplainUpstreamRequest.newBuilder().setUpstream(explain).setChain(chain).build());
    if (isJson()) {
      out().println(ProtoJson.pretty(explained));
    } else {
      new ExplainText(methodClass, out()).print(explained.getExplanationsList());
    }
  }

  private void watch(AdminClient client, RoutesText text) {
    Iterator<WatchRoutingTableResponse> changes =
        client
            .streams()
            .watchRoutingTable(WatchRoutingTableRequest.newBuilder().setChain(chain).build());
    while (changes.hasNext()) {
      WatchRoutingTableResponse routes = changes.next();
      if (isJson()) {
        out().println(ProtoJson.line(routes));
      } else {
        out().print(Ansi.AUTO.enabled() ? CLEAR_SCREEN : "");
        text.print(routes.getTablesList(), routes.getOverridesList(), out());
        out().println();
      }
      out().flush();
    }
  }
}
