package io.fairlead.gateway.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.WebSocketClient;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/**
 * Subscribers to blocks and logs of the chain that pushes: those who stay must be told of every
 * block once and in order, others come and go.
 *
 * <p>Thread-safety: {@link #come} from one thread.
 */
final class Subscribers implements AutoCloseable {
  private static final int STAYING = 8;
  private static final int PASSING = 4;

  private final Gateway plain;
  private final Gateway secure;
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpClient https;
  private final Findings findings;
  private final List<Subscriber> staying = new ArrayList<>();
  private final Deque<Subscriber> passing = new ArrayDeque<>();
  private boolean isSecureNext;

  Subscribers(Gateway plain, Gateway secure, SSLContext tls, Findings findings) {
    this.plain = plain;
    this.secure = secure;
    this.findings = findings;
    https = HttpClient.newBuilder().sslContext(tls).build();
    for (int i = 0; i < STAYING; i++) {
      staying.add(next("subscriber who stays"));
    }
  }

  private Subscriber next(String name) {
    isSecureNext = !isSecureNext;
    return isSecureNext
        ? new Subscriber("TLS " + name, https, secure, findings)
        : new Subscriber("plain " + name, http, plain, findings);
  }

  /** Another comes, and the one who has been here longest leaves without a word. */
  void come() {
    passing.add(next("subscriber who comes and goes"));
    if (passing.size() > PASSING) {
      passing.remove().close();
    }
  }

  /** Whether all who stay were told of a block. */
  boolean areTold(long block) {
    return staying.stream().allMatch(subscriber -> subscriber.isTold(block));
  }

  @Override
  public void close() {
    staying.forEach(Subscriber::close);
    passing.forEach(Subscriber::close);
  }

  /** One connection with two subscriptions. */
  private static final class Subscriber implements AutoCloseable {
    private final String name;
    private final Findings findings;
    private final AtomicLong lastBlock = new AtomicLong();
    private final AtomicLong lastLog = new AtomicLong();
    private final WebSocketClient socket;
    private volatile boolean isLeaving;

    Subscriber(String name, HttpClient http, Gateway gateway, Findings findings) {
      this.name = name;
      this.findings = findings;
      socket = new WebSocketClient(http, gateway.webSocket("/push"), this::onTold);
      socket
          .ending()
          .thenAccept(
              ending -> {
                if (!isLeaving) {
                  findings.onFailed(name, "ended by the gateway: " + ending);
                }
              });
      socket.subscribe("newHeads");
      socket.subscribe("logs", Map.of("address", "0x" + "0".repeat(39) + "1"));
    }

    private void onTold(JsonNode told) {
      JsonNode result = told.path("result");
      boolean isLog = result.has("logIndex");
      long block = Long.decode(result.path(isLog ? "blockNumber" : "number").asText());
      AtomicLong last = isLog ? lastLog : lastBlock;
      long before = last.getAndSet(block);
      if (before == 0 || block == before + 1) {
        findings.onRight(name);
      } else {
        findings.onWrong(name, (isLog ? "log of " : "block ") + block + " after " + before);
      }
    }

    boolean isTold(long block) {
      return lastBlock.get() >= block && lastLog.get() >= block;
    }

    @Override
    public void close() {
      isLeaving = true;
      socket.close();
    }
  }
}
