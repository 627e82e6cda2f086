package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A client library of the wild that follows a chain over WebSocket, played by a script in Node: it
 * says each thing that it is told in one line of JSON.
 *
 * <p>Thread-safety: safe.
 */
public final class ScriptWatcher implements AutoCloseable {
  private static final long START_MILLIS = Duration.ofSeconds(60).toMillis();

  private final String name;
  private final Process process;
  private final Told told = new Told(RealTime.CLOCK);
  private final CountDownLatch ready = new CountDownLatch(1);
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(new DefaultThreadFactory("script-watcher", true));

  /**
   * A client that has subscribed to blocks and to a contract's events.
   *
   * @param script the script's name under {@code src/test/node/clients}
   * @param url where it connects to
   * @param chainId the chain it believes in
   * @param contract whose events it wants
   */
  public ScriptWatcher(String script, URI url, long chainId, String contract) {
    this.name = script;
    try {
      process = Children.start(NodeTools.script(script, url.toString(), "" + chainId, contract));
    } catch (IOException | NodeTools.Unavailable e) {
      throw new IllegalStateException("cannot start " + script + ": " + e.getMessage(), e);
    }
    reader.execute(this::read);
    if (!Eventually.await(ready, START_MILLIS)) {
      close();
      throw new IllegalStateException(script + " does not subscribe: " + told.troubles());
    }
  }

  /**
   * What it was told.
   *
   * @return a view that grows
   */
  public Told told() {
    return told;
  }

  @Override
  public void close() {
    Children.kill(process);
    reader.shutdownNow();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        onLine(JsonRpcClient.parse(line.getBytes(StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is gone", e);
    }
  }

  private void onLine(JsonNode line) {
    switch (line.path("event").asText()) {
      case "ready" -> ready.countDown();
      case "head", "log" -> told.onJson(line);
      default -> told.onTrouble(line.toString());
    }
  }
}
