package io.fairlead.gateway.app;

import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.control.EventLog;
import io.fairlead.gateway.control.StampedEvent;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.table.RoutingTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The gateway exactly as in production, in this process for a while: its state folder goes with it,
 * and the events of one chain are told as they happen.
 *
 * <p>Thread-safety: safe. Ownership: whoever starts it closes it.
 */
public final class PassingGateway implements AutoCloseable {
  private static final int MAX_EVENTS = 1_024;
  private static final long READY_SECONDS = 15;

  private final Gateway gateway;
  private final String chain;
  private final Path stateDir;
  private final EventLog.Subscription events;
  private final Consumer<RoutingEvent> onEvent;

  private PassingGateway(
      Gateway gateway, String chain, Path stateDir, Consumer<RoutingEvent> onEvent) {
    this.gateway = gateway;
    this.chain = chain;
    this.stateDir = stateDir;
    this.onEvent = onEvent;
    this.events = gateway.events().subscribe(chain, MAX_EVENTS, this::tell);
  }

  /**
   * Starts it and waits until it can serve.
   *
   * @param chain whose events are told
   * @param config what to run, given the state folder
   * @param onEvent told of every change of routing, on the control thread
   * @throws IOException if it is not ready in time
   */
  public static PassingGateway start(
      String chain, Function<Path, FairleadConfig> config, Consumer<RoutingEvent> onEvent)
      throws IOException {
    Path stateDir = Files.createTempDirectory("fairlead-" + chain);
    Gateway gateway = Gateway.start(config.apply(stateDir), GatewayOptions.inMemory());
    PassingGateway started = new PassingGateway(gateway, chain, stateDir, onEvent);
    started.awaitReady();
    return started;
  }

  /** The gateway. */
  public Gateway gateway() {
    return gateway;
  }

  /** The chain's routing table now. */
  public RoutingTable table() {
    RoutingTable table = gateway.tables().get(chain);
    if (table == null) {
      throw new IllegalStateException("no chain " + chain);
    }
    return table;
  }

  @Override
  public void close() {
    events.close();
    gateway.close();
    try (Stream<Path> files = Files.walk(stateDir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("state folder of a passing gateway: cannot be deleted", e);
    }
  }

  private void awaitReady() throws IOException {
    try {
      gateway.ready().toCompletableFuture().get(READY_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new IOException("gateway: not ready after " + READY_SECONDS + " s", e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException("gateway: interrupted before it was ready", e);
    }
  }

  private void tell() {
    for (StampedEvent event : events.poll(MAX_EVENTS).events()) {
      onEvent.accept(event.event());
    }
  }
}
