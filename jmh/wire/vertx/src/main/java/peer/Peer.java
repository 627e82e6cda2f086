package peer;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.httpproxy.HttpProxy;

/** Passes everything on, with one event loop: arguments are pairs of a port and an origin's port. */
public final class Peer {
  private Peer() {}

  public static void main(String[] args) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    HttpClientOptions kept =
        new HttpClientOptions().setKeepAlive(true).setMaxPoolSize(256).setKeepAliveTimeout(600);
    for (int i = 0; i < args.length; i += 2) {
      HttpClient client = vertx.createHttpClient(kept);
      HttpProxy proxy =
          HttpProxy.reverseProxy(client).origin(Integer.parseInt(args[i + 1]), "127.0.0.1");
      vertx
          .createHttpServer(new HttpServerOptions().setAcceptBacklog(1024))
          .requestHandler(proxy)
          .listen(Integer.parseInt(args[i]), "127.0.0.1")
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }
}
