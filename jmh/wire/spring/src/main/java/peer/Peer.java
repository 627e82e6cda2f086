package peer;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Passes everything on, with one event loop: a port, and the origin's port. */
@SpringBootApplication(proxyBeanMethods = false)
public class Peer {
  @Bean
  RouteLocator all(RouteLocatorBuilder routes, Environment environment) {
    String origin = "http://127.0.0.1:" + environment.getProperty("peer.origin");
    return routes.routes().route("all", route -> route.path("/**").uri(origin)).build();
  }

  public static void main(String[] args) {
    System.setProperty("reactor.netty.ioWorkerCount", "1");
    System.setProperty("reactor.netty.pool.maxConnections", "256");
    SpringApplication peer = new SpringApplication(Peer.class);
    peer.setDefaultProperties(
        Map.of(
            "server.address", "127.0.0.1",
            "server.port", args[0],
            "peer.origin", args[1],
            "spring.main.banner-mode", "off",
            "logging.level.root", "warn"));
    peer.run();
  }
}
