package io.fairlead.gateway.admin;

import io.fairlead.gateway.control.RoutingControl;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * An {@link AdminServer} that is being started on a thread of its own: gRPC takes a hundred
 * milliseconds of class loading, which clients of the rpc port need not wait for.
 *
 * <p>Thread-safety: safe.
 */
public final class AdminPort implements AutoCloseable {
  private final CompletableFuture<AdminServer> server;
  private volatile boolean ready;

  private AdminPort(CompletableFuture<AdminServer> server) {
    this.server = server;
  }

  /**
   * Begins to start the server and returns at once.
   *
   * @param access where, and who may call
   * @param control what calls act on
   * @return the port, open or failed by the time {@link #awaitOpen} returns
   */
  public static AdminPort open(AdminAccess access, RoutingControl control) {
    DefaultThreadFactory threads = new DefaultThreadFactory("fairlead-admin-start", true);
    return new AdminPort(
        CompletableFuture.supplyAsync(
            () -> start(access, control), task -> threads.newThread(task).start()));
  }

  /**
   * Waits until the port is open.
   *
   * @return where it listens, with the port that was chosen
   * @throws IOException if the address cannot be listened on
   * @throws IllegalArgumentException if others than this machine could call and show nothing
   */
  public InetSocketAddress awaitOpen() throws IOException {
    try {
      return server.join().address();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException io) {
        throw new IOException(io.getMessage(), io);
      }
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw e;
    }
  }

  /**
   * Says through the health service whether the gateway can serve, as soon as the port is open.
   *
   * @param isReady whether each chain has an upstream that can serve and nothing is shutting down
   */
  public void setReady(boolean isReady) {
    ready = isReady;
    server.thenAccept(this::tellReady);
  }

  /** Ends watch streams with OK, lets calls under way finish for a moment, and stops listening. */
  @Override
  public void close() {
    server.thenAccept(AdminServer::close).exceptionally(e -> null).join();
  }

  /** Reads what is newest under the lock, so that the last to tell tells the newest. */
  private synchronized void tellReady(AdminServer open) {
    open.setReady(ready);
  }

  private static AdminServer start(AdminAccess access, RoutingControl control) {
    try {
      return AdminServer.start(access, control);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "listen.admin: "
              + access.listen()
              + " (expected: an address that is free): "
              + e.getMessage(),
          e);
    }
  }
}
