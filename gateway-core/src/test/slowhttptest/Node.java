import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node of chain 1 whose contracts are of 8 MiB: {@code java Node.java PORT}. */
final class Node {
  private static final Pattern ID = Pattern.compile("\"id\":([^,}]+)");
  private static final Pattern METHOD = Pattern.compile("\"method\":\"([^\"]+)\"");
  private static final String CODE = "\"0x" + "60".repeat(4 << 20) + "\"";
  private static final String BLOCK =
      "{\"number\":\"0x64\",\"hash\":\"0x%064x\",\"parentHash\":\"0x%064x\",\"timestamp\":\"0x%x\"}";

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", Node::answer);
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String call = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String answer =
        "{\"jsonrpc\":\"2.0\",\"id\":" + in(call, ID) + ",\"result\":" + result(in(call, METHOD)) + "}";
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String in(String call, Pattern what) {
    Matcher matcher = what.matcher(call);
    return matcher.find() ? matcher.group(1) : "null";
  }

  private static String result(String method) {
    return switch (method) {
      case "eth_chainId" -> "\"0x1\"";
      case "net_version" -> "\"1\"";
      case "eth_syncing" -> "false";
      case "eth_blockNumber" -> "\"0x64\"";
      case "eth_getBlockByNumber" ->
          String.format(BLOCK, 100, 99, System.currentTimeMillis() / 1000);
      case "eth_getCode" -> CODE;
      default -> "\"0x7\"";
    };
  }
}
