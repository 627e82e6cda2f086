package io.fairlead.gateway.websocket;

import java.util.concurrent.CountDownLatch;

/**
 * The gateway's WebSocket server with an echo behind it, for the Autobahn test suite: {@code mvn
 * -Pautobahn}.
 */
public final class AutobahnServer {
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
        new SocketScene(
            SocketScene.LIMITS, SocketScene.Parts.echo(port, SocketTiming.DEFAULT))) {
      new CountDownLatch(1).await();
    }
  }
}
