package io.fairlead.gateway.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fairlead.probes.ProbeCallback;
import io.fairlead.probes.ProbePort;
import io.fairlead.routing.time.Scheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Learns a chain's id from its upstreams when the configuration does not say it: the id that most
 * of those that answer agree on, once all have answered or failed.
 *
 * <p>While nobody answers it asks again. Two ids with equally many voices settle nothing: then the
 * operator has to say which chain is meant, and the log says so.
 *
 * <p>Thread-safety: confined to the control thread.
 */
final class ChainIdInquiry {
  private static final byte[] QUESTION =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}"
          .getBytes(StandardCharsets.US_ASCII);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final JsonFactory JSON = new JsonFactory();

  private final List<String> upstreams;
  private final ProbePort port;
  private final Scheduler scheduler;
  private final long timeoutNanos;
  private final LongConsumer onLearnt;
  private final Map<Long, Integer> voices = new HashMap<>();
  private int open;
  private boolean stopped;

  /** Whom to ask, and how. */
  record Means(ProbePort port, Scheduler scheduler, long timeoutNanos) {}

  ChainIdInquiry(List<String> upstreams, Means means, LongConsumer onLearnt) {
    this.upstreams = upstreams;
    this.port = means.port();
    this.scheduler = means.scheduler();
    this.timeoutNanos = means.timeoutNanos();
    this.onLearnt = onLearnt;
  }

  void start() {
    voices.clear();
    open = upstreams.size();
    for (String upstream : upstreams) {
      port.call(
          upstream,
          QUESTION,
          timeoutNanos,
          new ProbeCallback() {
            @Override
            public void onAnswer(int httpStatus, byte[] body) {
              onAnswered(chainIdIn(body));
            }

            @Override
            public void onFailure(boolean timedOut, String reason) {
              onAnswered(-1);
            }
          });
    }
  }

  void stop() {
    stopped = true;
  }

  private void onAnswered(long chainId) {
    if (stopped) {
      return;
    }
    if (chainId > 0) {
      voices.merge(chainId, 1, Integer::sum);
    }
    open--;
    if (open == 0) {
      settle();
    }
  }

  private void settle() {
    int most = voices.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<Long> leading =
        voices.entrySet().stream()
            .filter(v -> v.getValue() == most)
            .map(Map.Entry::getKey)
            .toList();
    if (leading.size() == 1) {
      stopped = true;
      onLearnt.accept(leading.get(0));
    } else {
      scheduler.schedule(
          () -> {
            if (!stopped) {
              start();
            }
          },
          AGAIN_NANOS);
    }
  }

  /** The chain id in an answer, -1 if it holds none. */
  static long chainIdIn(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return -1;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isResult = parser.currentName().equals("result");
        JsonToken value = parser.nextToken();
        if (isResult && value == JsonToken.VALUE_STRING) {
          return parse(parser.getText());
        }
        parser.skipChildren();
      }
      return -1;
    } catch (IOException e) {
      return -1;
    }
  }

  private static long parse(String hex) {
    if (!hex.matches("0x[0-9a-fA-F]{1,15}")) {
      return -1;
    }
    return Long.parseLong(hex, 2, hex.length(), 16);
  }
}
