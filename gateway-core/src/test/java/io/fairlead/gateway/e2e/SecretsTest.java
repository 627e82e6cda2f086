package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.fairlead.admin.v1.GetLatencyRequest;
import io.fairlead.admin.v1.ListEventsRequest;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.StubServer.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Secrets reach the upstream that they are for, and nobody else. */
final class SecretsTest {
  private static final String MARK = "s3cr3t";
  private static final String BALANCE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]}";

  @Test
  void secretsNeverLeaveByLogMetricAdminStatusPageOrError() throws IOException {
    Captured logs = Captured.all();
    StringBuilder seen = new StringBuilder();
    try (StubNode node = new StubNode("node", 1);
        StubNode bad = new StubNode("bad", 5);
        GatewayFixture gateway =
            GatewayFixture.start(
                String.format(
                    Locale.ROOT,
                    """
                    chains:
                      ethereum:
                        chainId: 1
                        upstreams:
                          - id: one
                            url: "%s/v3/s3cr3t-path?apikey=s3cr3t-query"
                            headers: { Authorization: "Bearer s3cr3t-header" }
                          - id: wrong
                            url: "%s/s3cr3t-wrong"
                            cloud: gcp
                          - id: gone
                            url: "http://127.0.0.1:1/s3cr3t-gone"
                            cloud: azure
                    """,
                    node.uri(),
                    bad.uri()));
        RawClient client = gateway.client();
        Admin admin = gateway.admin()) {
      gateway.awaitServing("ethereum", 1, Duration.ofSeconds(20));
      seen.append(client.call("/ethereum", BALANCE));
      Request request = node.calls("eth_getBalance").get(0);
      assertEquals("/v3/s3cr3t-path?apikey=s3cr3t-query", request.target());
      assertEquals("Bearer s3cr3t-header", request.headers().get("authorization"));
      for (int status : List.of(401, 403, 429, 500)) {
        node.on("eth_getBalance", (c, reply) -> reply.send(status, Map.of(), new byte[0]));
        seen.append(describe(client.call("/ethereum", BALANCE)));
      }
      node.on("eth_getBalance", (c, reply) -> reply.reset());
      seen.append(describe(client.call("/ethereum", BALANCE)));
      node.on("eth_getBalance", (c, reply) -> reply.json("not json"));
      seen.append(describe(client.call("/ethereum", BALANCE)));
      node.refuse();
      seen.append(describe(client.call("/ethereum", BALANCE)));
      seen.append(admin.tables());
      seen.append(admin.calls().listEvents(ListEventsRequest.newBuilder().setLimit(1000).build()));
      seen.append(admin.calls().getLatency(GetLatencyRequest.getDefaultInstance()));
      for (String path : List.of("/", "/metrics", "/readyz", "/healthz")) {
        seen.append(gateway.ops(path));
      }
    } finally {
      logs.stop();
    }
    assertTrue(seen.toString().contains("fairlead_"), "metrics were read");
    assertFalse(logs.lines.isEmpty(), "logs were captured");
    assertFalse(seen.toString().contains(MARK), () -> around(seen.toString()));
    logs.lines.forEach(line -> assertFalse(line.contains(MARK), line));
  }

  private static String describe(RawClient.Answer answer) {
    return answer.status() + " " + answer.headers() + " " + answer.text();
  }

  private static String around(String text) {
    int at = text.indexOf(MARK);
    return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 100));
  }

  /** Every line that any logger of ours writes, at any level. */
  private static final class Captured extends AppenderBase<ILoggingEvent> {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.fairlead");
    private final Level before = logger.getLevel();

    static Captured all() {
      Captured captured = new Captured();
      captured.setContext(captured.logger.getLoggerContext());
      captured.start();
      return captured;
    }

    @Override
    public void start() {
      super.start();
      logger.setLevel(Level.TRACE);
      logger.addAppender(this);
    }

    @Override
    public void stop() {
      logger.detachAppender(this);
      logger.setLevel(before);
      super.stop();
    }

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(event.getFormattedMessage());
      for (var cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
        lines.add("" + cause.getMessage());
      }
    }
  }
}
