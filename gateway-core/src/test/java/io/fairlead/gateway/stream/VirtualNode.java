package io.fairlead.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.gateway.upstream.socket.WireFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node in virtual time, with WebSocket and HTTP; tells what it is told, or not. */
final class VirtualNode implements Wires {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UNKNOWN = "\"error\":{\"code\":-32601,\"message\":\"no\"}";
  private static final Duration LATENCY = Duration.ofMillis(10);

  final String id;
  final List<Long> connectsNanos = new ArrayList<>();
  final List<String> asked = new ArrayList<>();
  private final ManualScheduler time;
  private final Map<String, End> ends = new LinkedHashMap<>();
  private final Map<String, String> kinds = new LinkedHashMap<>();
  private int subscriptions;
  private long head;
  private String fork = "";
  int polls;
  boolean isReachable = true;
  boolean isFrozen;
  boolean notifiesEarly;
  boolean hasSubscriptions = true;
  boolean answersHttp = true;
  long retryAfterSeconds;
  List<String> pendingSinceAsked = new ArrayList<>();
  @Nullable End end;

  VirtualNode(String id, ManualScheduler time) {
    this.id = id;
    this.time = time;
  }

  static String hash(long number, String fork) {
    return "0x"
        + "0".repeat(64 - 24)
        + String.format(Locale.ROOT, "%8s%016x", fork, number).replace(' ', 'a');
  }

  static String block(long number, String fork) {
    return "{\"number\":\"0x"
        + Long.toHexString(number)
        + "\",\"hash\":\""
        + hash(number, fork)
        + "\",\"parentHash\":\""
        + hash(number - 1, fork)
        + "\"}";
  }

  long head() {
    return head;
  }

  /** How many subscriptions of a kind are open. */
  long open(String kind) {
    return kinds.values().stream().filter(kind::equals).count();
  }

  boolean isConnected() {
    return end != null && end.isOpen;
  }

  /** It sees a block as the newest. */
  void onBlock(long number) {
    head = number;
    push("newHeads", block(number, fork));
  }

  void onTransaction(String kind, String json) {
    pendingSinceAsked.add(json);
    push(kind, json);
  }

  private void push(String kind, String json) {
    ends.forEach(
        (subscription, to) -> {
          if (kind.equals(kinds.get(subscription))) {
            to.tell(note(subscription, json));
          }
        });
  }

  static String note(String subscription, String json) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\""
        + subscription
        + "\",\"result\":"
        + json
        + "}}";
  }

  /** It says something over the connection. */
  void tell(String text) {
    if (end != null) {
      end.tell(text);
    }
  }

  /** The connection breaks. */
  void reset() {
    End broken = end;
    if (broken != null) {
      broken.shut();
      broken.listener.onEnd(WireFailure.of(WireFailure.Kind.ENDED, "reset"));
    }
  }

  @Override
  public Wire open(WireListener listener) {
    connectsNanos.add(time.nanoTime());
    End opened = new End(listener);
    end = opened;
    time.schedule(opened::connect, LATENCY.toNanos());
    return opened;
  }

  /** Over HTTP. */
  void ask(byte[] body, PollPort.Answer answer) {
    polls++;
    time.schedule(
        () -> {
          if (answersHttp) {
            String text = answer(new String(body, StandardCharsets.UTF_8), null);
            answer.onAnswer(200, text.getBytes(StandardCharsets.UTF_8));
          } else {
            answer.onFailure(true, "no answer in time");
          }
        },
        LATENCY.toNanos());
  }

  private String answer(String body, @Nullable End from) {
    JsonNode call = read(body);
    asked.add(call.get("method").asText());
    String result = result(call, from);
    return "{\"jsonrpc\":\"2.0\",\"id\":" + call.get("id") + "," + result + "}";
  }

  private String result(JsonNode call, @Nullable End from) {
    JsonNode first = call.get("params").path(0);
    return switch (call.get("method").asText()) {
      case "eth_getBlockByNumber" -> "\"result\":" + block(head, fork);
      case "eth_getTransactionByHash" -> "\"result\":{\"hash\":\"" + first.asText() + "\"}";
      case "eth_newPendingTransactionFilter" -> "\"result\":\"0xf1\"" + forgetPending();
      case "eth_getFilterChanges" -> "\"result\":[" + takePending() + "]";
      case "eth_uninstallFilter" -> "\"result\":true";
      case "eth_subscribe" -> subscribe(call, from);
      case "eth_unsubscribe" -> unsubscribe(first.asText());
      default -> UNKNOWN;
    };
  }

  private String forgetPending() {
    pendingSinceAsked.clear();
    return "";
  }

  private String takePending() {
    String news = String.join(",", pendingSinceAsked);
    pendingSinceAsked.clear();
    return news;
  }

  private String subscribe(JsonNode call, @Nullable End from) {
    if (from == null || !hasSubscriptions) {
      return UNKNOWN;
    }
    String subscription = "0x" + Integer.toHexString(++subscriptions);
    boolean isFull = call.get("params").path(1).asBoolean();
    ends.put(subscription, from);
    kinds.put(subscription, call.get("params").path(0).asText() + (isFull ? " full" : ""));
    if (notifiesEarly) {
      from.tell(note(subscription, block(head, fork)));
    }
    return "\"result\":\"" + subscription + "\"";
  }

  private String unsubscribe(String subscription) {
    ends.remove(subscription);
    kinds.remove(subscription);
    return "\"result\":true";
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One connection, seen from the node. */
  final class End implements Wire {
    private final WireListener listener;
    private boolean isOpen;
    private boolean isShut;
    int pings;

    End(WireListener listener) {
      this.listener = listener;
    }

    private void connect() {
      if (isShut) {
        return;
      }
      if (!isReachable) {
        isShut = true;
        listener.onEnd(
            new WireFailure(WireFailure.Kind.REFUSED, retryAfterSeconds, "HTTP 429 to it"));
        return;
      }
      isOpen = true;
      listener.onOpen();
    }

    void tell(String text) {
      if (isOpen && !isFrozen) {
        time.schedule(
            () -> {
              if (isOpen && !isFrozen) {
                listener.onMessage(text.getBytes(StandardCharsets.UTF_8));
              }
            },
            LATENCY.toNanos());
      }
    }

    private void shut() {
      isOpen = false;
      isShut = true;
      List.copyOf(ends.keySet())
          .forEach(
              id -> {
                if (ends.get(id) == this) {
                  ends.remove(id);
                  kinds.remove(id);
                }
              });
    }

    @Override
    public void send(String text) {
      if (!isOpen) {
        throw new AssertionError("sent on a connection that is not open: " + text);
      }
      if (!isFrozen) {
        tell(answer(text, this));
      }
    }

    @Override
    public void ping() {
      pings++;
      if (isOpen && !isFrozen) {
        time.schedule(listener::onSign, LATENCY.toNanos());
      }
    }

    @Override
    public void close() {
      shut();
    }
  }
}
