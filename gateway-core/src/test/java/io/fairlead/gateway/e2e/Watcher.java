package io.fairlead.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.RealTime;
import io.fairlead.gateway.testing.ScriptWatcher;
import io.fairlead.gateway.testing.Told;
import io.fairlead.gateway.testing.WebSocketClient;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.websocket.WebSocketService;
import org.web3j.protocol.websocket.events.Log;
import org.web3j.protocol.websocket.events.NewHead;

/**
 * A client that follows a chain's blocks and a contract's events over WebSocket.
 *
 * @param name the library
 * @param told what it was told
 * @param end ends it
 */
record Watcher(String name, Told told, Runnable end) implements AutoCloseable {
  static Watcher script(String name, URI url, String contract) {
    ScriptWatcher script = new ScriptWatcher(name + "-watch.mjs", url, Anvil.CHAIN_ID, contract);
    return new Watcher(name, script.told(), script::close);
  }

  /** The JDK's WebSocket, which shows what was sent as it is; the ids must stay what they were. */
  static Watcher plain(URI url, String contract) {
    Told told = new Told(RealTime.CLOCK);
    Map<String, String> ids = new ConcurrentHashMap<>();
    WebSocketClient client =
        new WebSocketClient(HttpClient.newHttpClient(), url, news -> onNews(told, ids, news));
    client.ending().thenAccept(ending -> told.onTrouble("ended: " + ending));
    client.subscribe("newHeads");
    client.subscribe("logs", Map.of("address", contract));
    return new Watcher("plain", told, client::close);
  }

  private static void onNews(Told told, Map<String, String> ids, JsonNode news) {
    JsonNode shown = news.get("result");
    String kind = shown.has("logIndex") ? "logs" : "heads";
    String id = news.get("subscription").asText();
    if (!id.equals(ids.computeIfAbsent(kind, k -> id))) {
      told.onTrouble(kind + " came by another id");
    }
    told.onJson(shown);
  }

  static Watcher web3j(URI url, String contract) {
    Told told = new Told(RealTime.CLOCK);
    WebSocketService service = new WebSocketService(url.toString(), false);
    try {
      service.connect(
          message -> {}, error -> told.onTrouble("" + error), () -> told.onTrouble("ended"));
    } catch (ConnectException e) {
      throw new IllegalStateException("web3j does not connect: " + e, e);
    }
    Web3j web3j = Web3j.build(service);
    var heads =
        web3j
            .newHeadsNotifications()
            .subscribe(n -> onHead(told, n.getParams().getResult()), e -> told.onTrouble("" + e));
    var logs =
        web3j
            .logsNotifications(List.of(contract), List.of())
            .subscribe(n -> onLog(told, n.getParams().getResult()), e -> told.onTrouble("" + e));
    return new Watcher(
        "web3j",
        told,
        () -> {
          heads.dispose();
          logs.dispose();
          web3j.shutdown();
        });
  }

  private static void onHead(Told told, NewHead head) {
    told.onHead(number(head.getNumber()), head.getHash(), head.getParentHash());
  }

  /** Its logs do not say whether they are taken back. */
  private static void onLog(Told told, Log log) {
    told.onLog(number(log.getBlockNumber()), log.getBlockHash(), number(log.getLogIndex()), false);
  }

  private static long number(String quantity) {
    return Long.decode(quantity);
  }

  @Override
  public void close() {
    end.run();
  }
}
