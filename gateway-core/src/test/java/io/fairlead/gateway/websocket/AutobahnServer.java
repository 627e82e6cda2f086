package io.fairlead.gateway.websocket;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's WebSocket server with an echo behind it, for the Autobahn test suite: {@code mvn
 * -Pautobahn}.
 */
public final class AutobahnServer {
  private static final Logger LOG = LoggerFactory.getLogger(AutobahnServer.class);

  private AutobahnServer() {}

  /**
   * Serves until the thread is interrupted.
   *
   * @param args the port
   * @throws InterruptedException when the suite has ended
   */
  public static void main(String[] args) throws InterruptedException {
    int port = Integer.parseInt(args[0]);
    try (SocketScene scene =
        new SocketScene(SocketScene.LIMITS, SocketScene.Parts.echo(port), false)) {
      LOG.info("an echo on {}", scene.server.address());
      new CountDownLatch(1).await();
    }
  }
}
