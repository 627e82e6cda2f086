package io.fairlead.gateway.upstream;

import static io.fairlead.gateway.upstream.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdleConnectionsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(55);

  private final AtomicLong now = new AtomicLong();
  private final ScriptedServer server = ScriptedServer.answering(ok("{}"));
  private final PoolFixture fixture =
      new PoolFixture(
          Transport.choose(Transport.AUTO),
          "http://127.0.0.1:" + server.port(),
          PoolFixture.Options.DEFAULT.withClock(now::get));

  @AfterEach
  void close() throws Exception {
    fixture.close();
    server.close();
  }

  private void expire() {
    UpstreamPool pool = fixture.pool();
    fixture.run(pool::expireIdle);
  }

  private void awaitIdle(int count) {
    Eventually.holds(count + " idle", LIMIT, () -> fixture.idle() == count);
  }

  @Test
  void anIdleConnectionStaysForAtLeastNineTenthsOfTheTimeout() {
    assertEquals("{}", fixture.post("{}").text());
    awaitIdle(1);
    now.set(TIMEOUT_NANOS * 9 / 10 - 1);
    expire();
    assertEquals(1, fixture.idle());
    assertEquals("{}", fixture.post("{}").text());
    assertEquals(1, server.connections());
  }

  @Test
  void theLastConnectionIsReplacedWhenItIsOld() {
    assertEquals("{}", fixture.post("{}").text());
    awaitIdle(1);
    now.addAndGet(TIMEOUT_NANOS);
    expire();
    awaitIdle(1);
    Eventually.holds("a second connection", LIMIT, () -> server.connections() == 2);
    Eventually.holds("the first closed", LIMIT, () -> fixture.connections() == 1);
  }

  @Test
  void replacingEndsWhenNobodyUsesThePool() {
    assertEquals("{}", fixture.post("{}").text());
    for (int i = 0; i < UpstreamPool.WARM_REPLACEMENTS; i++) {
      awaitIdle(1);
      now.addAndGet(TIMEOUT_NANOS);
      expire();
    }
    awaitIdle(1);
    now.addAndGet(TIMEOUT_NANOS);
    expire();
    assertEquals(0, fixture.idle());
    Eventually.holds("no connection", LIMIT, () -> fixture.connections() == 0);
    assertEquals(UpstreamPool.WARM_REPLACEMENTS + 1, server.connections());
  }

  @Test
  void warmingOpensOneConnectionAheadOfUse() {
    UpstreamPool pool = fixture.pool();
    fixture.run(
        () -> {
          pool.warm();
          pool.warm();
        });
    awaitIdle(1);
    fixture.run(pool::warm);
    assertEquals("{}", fixture.post("{}").text());
    assertEquals(1, server.connections());
  }
}
