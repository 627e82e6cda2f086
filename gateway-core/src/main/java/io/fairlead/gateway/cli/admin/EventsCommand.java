package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.Event;
import io.fairlead.admin.v1.ListEventsRequest;
import io.fairlead.admin.v1.WatchEventsRequest;
import io.fairlead.admin.v1.WatchEventsResponse;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fairlead events}. */
@Command(name = "events", description = "Shows why traffic moved, oldest first.")
public final class EventsCommand extends AdminCommand {
  @Option(names = "--chain", paramLabel = "CHAIN", description = "Only this chain.")
  private String chain = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many past events, 1 to 10000 (default: ${DEFAULT-VALUE}).",
      defaultValue = "50")
  private int limit;

  @Option(names = "--follow", description = "Goes on with what happens from now on.")
  private boolean follow;

  @Override
  void run(AdminClient client) {
    if (follow) {
      follow(client);
      throw ended();
    }
    ListEventsRequest request =
        ListEventsRequest.newBuilder().setChain(chain).setLimit(limit).build();
    print(client.calls().listEvents(request).getEventsList());
  }

  private void follow(AdminClient client) {
    WatchEventsRequest request =
        WatchEventsRequest.newBuilder().setChain(chain).setBacklog(limit).build();
    Iterator<WatchEventsResponse> batches = client.streams().watchEvents(request);
    while (batches.hasNext()) {
      WatchEventsResponse batch = batches.next();
      if (batch.getMissed() > 0) {
        err().println(batch.getMissed() + " events missed: this reader was too slow");
        err().flush();
      }
      print(batch.getEventsList());
      out().flush();
    }
  }

  private void print(List<Event> events) {
    for (Event event : events) {
      out().println(isJson() ? ProtoJson.line(event) : EventText.of(event));
    }
  }
}
