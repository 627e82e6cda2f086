package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of several clients until it is ended, to a node that answers with the first parameter. */
final class EchoLoad {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int CLIENTS = 12;
  private static final int CALLS = 200;

  private final GatewayFixture gateway;
  private final String method;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger right = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger(CLIENTS);
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  /** Begins. */
  EchoLoad(GatewayFixture gateway, String method, Executor threads) {
    this.gateway = gateway;
    this.method = method;
    for (int i = 0; i < CLIENTS; i++) {
      threads.execute(this::run);
    }
  }

  /** A call, as JSON text. */
  static String call(String method, String value) {
    return String.format(
        Locale.ROOT,
        "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"%s\",\"params\":[\"%s\",\"0x1\"]}",
        value,
        method,
        value);
  }

  /** The right answer to it. */
  static String answer(String value) {
    return String.format(
        Locale.ROOT, "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"result\":\"%s\"}", value, value);
  }

  private void run() {
    try (RawClient client = gateway.client()) {
      while (!ended.get()) {
        String value = "0x" + Integer.toHexString(begun.incrementAndGet());
        Answer answer = client.call("/c", call(method, value));
        if (answer.status() == 200 && answer.text().equals(answer(value))) {
          right.incrementAndGet();
        } else {
          wrong.add(answer.status() + " " + answer.text());
        }
      }
    } catch (IOException e) {
      wrong.add(e.toString());
    } finally {
      running.decrementAndGet();
    }
  }

  /** Right answers so far. */
  int right() {
    return right.get();
  }

  /** Waits until many more have been answered. */
  void awaitMore() {
    int before = right.get();
    Eventually.holds(
        () -> "more right answers; wrong ones: " + wrong,
        SOON,
        () -> right.get() >= before + CALLS);
  }

  /** Ends it; every answer was right. */
  void end() {
    ended.set(true);
    Eventually.holds("all clients have ended", SOON, () -> running.get() == 0);
    assertTrue(wrong.isEmpty(), wrong::toString);
  }
}
