import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node of chain 1 on one thread, for whom log searches and traces take a while: {@code java
 * Node.java PORT MILLIS}.
 */
final class Node {
  private static final Pattern ID = Pattern.compile("\"id\":([^,}]+)");
  private static final Pattern METHOD = Pattern.compile("\"method\":\"([^\"]+)\"");
  private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");
  private static final String BLOCK =
      "{\"number\":\"0x64\",\"hash\":\"0x%064x\",\"parentHash\":\"0x%064x\",\"timestamp\":\"0x%x\"}";

  private final Selector selector = Selector.open();
  private final PriorityQueue<Late> late = new PriorityQueue<>();
  private final long heavyNanos;

  private record Late(long dueNanos, Peer peer, byte[] answer) implements Comparable<Late> {
    @Override
    public int compareTo(Late other) {
      return Long.compare(dueNanos, other.dueNanos);
    }
  }

  private static final class Peer {
    final SocketChannel channel;
    final ByteBuffer in = ByteBuffer.allocate(64 << 10);

    Peer(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private Node(long heavyNanos) throws IOException {
    this.heavyNanos = heavyNanos;
  }

  public static void main(String[] arguments) throws IOException {
    Node node = new Node(Long.parseLong(arguments[1]) * 1_000_000);
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 4096);
    server.configureBlocking(false);
    server.register(node.selector, SelectionKey.OP_ACCEPT);
    node.serve(server);
  }

  private void serve(ServerSocketChannel server) throws IOException {
    while (true) {
      Late next = late.peek();
      if (next == null) {
        selector.select();
      } else {
        selector.select(Math.max(1, (next.dueNanos - System.nanoTime()) / 1_000_000));
      }
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isAcceptable()) {
          accept(server);
        } else {
          read(key, (Peer) key.attachment());
        }
      }
      selector.selectedKeys().clear();
      while (!late.isEmpty() && late.peek().dueNanos <= System.nanoTime()) {
        Late due = late.remove();
        write(due.peer, due.answer);
      }
    }
  }

  private void accept(ServerSocketChannel server) throws IOException {
    for (SocketChannel c = server.accept(); c != null; c = server.accept()) {
      c.configureBlocking(false);
      c.setOption(StandardSocketOptions.TCP_NODELAY, true);
      c.register(selector, SelectionKey.OP_READ, new Peer(c));
    }
  }

  private void read(SelectionKey key, Peer peer) throws IOException {
    try {
      if (peer.channel.read(peer.in) < 0) {
        key.channel().close();
        return;
      }
    } catch (IOException e) {
      key.channel().close();
      return;
    }
    String text = new String(peer.in.array(), 0, peer.in.position(), StandardCharsets.ISO_8859_1);
    int taken = 0;
    for (int end = answerOne(peer, text, 0); end > 0; end = answerOne(peer, text, end)) {
      taken = end;
    }
    peer.in.flip().position(taken);
    peer.in.compact();
  }

  /** Answers the request that begins there and says where it ends; -1 if it is not whole. */
  private int answerOne(Peer peer, String text, int from) {
    int body = text.indexOf("\r\n\r\n", from) + 4;
    if (body < 4) {
      return -1;
    }
    Matcher length = LENGTH.matcher(text.substring(from, body).toLowerCase(Locale.ROOT));
    int end = body + (length.find() ? Integer.parseInt(length.group(1)) : 0);
    if (text.length() < end) {
      return -1;
    }
    answer(peer, text.substring(body, end));
    return end;
  }

  private void answer(Peer peer, String call) {
    String method = in(call, METHOD);
    String json =
        "{\"jsonrpc\":\"2.0\",\"id\":" + in(call, ID) + ",\"result\":" + result(method) + "}";
    byte[] answer =
        ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + json.length()
                + "\r\n\r\n"
                + json)
            .getBytes(StandardCharsets.US_ASCII);
    if (method.equals("eth_getLogs") || method.startsWith("debug_")) {
      late.add(new Late(System.nanoTime() + heavyNanos, peer, answer));
    } else {
      write(peer, answer);
    }
  }

  /** What is as short as an answer of this node is taken at once. */
  private static void write(Peer peer, byte[] answer) {
    try {
      peer.channel.write(ByteBuffer.wrap(answer));
    } catch (IOException e) {
      // the gateway has gone on without it
    }
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
      case "eth_getLogs" -> "[]";
      case "eth_getBlockByNumber" ->
          String.format(BLOCK, 100, 99, System.currentTimeMillis() / 1000);
      default -> "\"0x7\"";
    };
  }
}
