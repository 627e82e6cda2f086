package io.fairlead.gateway.ops;

import io.fairlead.gateway.metrics.GatewayMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Which page a path leads to. */
final class OpsPages {
  private static final int METRICS_BYTES = 64 * 1024;

  private final OpsView view;
  private final GatewayMetrics metrics;
  private final Readiness readiness;
  private final StatusPage statusPage;

  OpsPages(OpsView view, GatewayMetrics metrics) {
    this.view = view;
    this.metrics = metrics;
    this.readiness = new Readiness(view);
    this.statusPage = new StatusPage(view);
  }

  /**
   * Makes a page.
   *
   * @param path without its query
   * @param accept the Accept header, if any
   * @return the page, 404 for an unknown path
   */
  Page get(String path, @Nullable String accept) {
    return switch (path) {
      case "/metrics" -> metrics(GatewayMetrics.contentType(accept));
      case "/healthz" -> view.isAlive() ? Page.text(200, "ok") : Page.text(503, "not turning");
      case "/readyz" -> readiness.toPage();
      case "/" -> statusPage.toPage();
      default -> Page.text(404, "not found; there are /, /metrics, /healthz and /readyz");
    };
  }

  private Page metrics(String contentType) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(METRICS_BYTES);
    try (Writer writer = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
      metrics.write(contentType, writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Page(200, contentType, bytes.toByteArray());
  }
}
