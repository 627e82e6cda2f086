package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** Servers and pools on one transport, closed after each test. */
abstract class PoolScene {
  static final Duration LIMIT = Duration.ofSeconds(20);

  final Transport transport;
  private final List<AutoCloseable> opened = new ArrayList<>();

  PoolScene(Transport transport) {
    this.transport = transport;
  }

  @BeforeEach
  void transportWorks() {
    Assumptions.assumeTrue(transport.isAvailable(), transport.label() + " does not work here");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  ScriptedServer serve(ScriptedServer.Script script) {
    return open(new ScriptedServer(script));
  }

  PoolFixture poolFor(ScriptedServer server) {
    return open(new PoolFixture(transport, "http://127.0.0.1:" + server.port() + "/"));
  }

  PoolFixture poolFor(ScriptedServer server, PoolFixture.Options options) {
    return open(new PoolFixture(transport, "http://127.0.0.1:" + server.port() + "/", options));
  }

  void awaitIdle(PoolFixture fixture, int count) {
    Eventually.holds(count + " idle connections", LIMIT, () -> fixture.idle() == count);
  }

  static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("nothing happened within " + LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
