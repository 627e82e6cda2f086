package io.fairlead.gateway.live;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Reads from the gateway's metrics page how many attempts it made beyond the first. */
final class Extras {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Extras() {}

  static LiveResult.Extra read(InetSocketAddress ops) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + ops.getPort() + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    String page =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return new LiveResult.Extra(
        sum(page, "fairlead_retries_total"),
        sum(page, "fairlead_hedges_total"),
        sum(page, "fairlead_rescues_total"));
  }

  /** The sum of a counter over all its labels. */
  static long sum(String page, String name) {
    return page.lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
