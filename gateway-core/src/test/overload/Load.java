import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Users of a gateway on one thread, each with a connection of its own: asks, thinks, asks again.
 *
 * <p>{@code java Load.java PORT SECONDS GROUP...}, where a group is {@code
 * NAME,METHOD,USERS,THINK_MILLIS,MANNERS}: {@code polite} users wait as long as Retry-After says,
 * and up to a second of their own, {@code rude} ones think and ask again. Says of each group how
 * many calls were asked, answered and refused (429, or 503 where an upstream is at its limit) in the
 * second half of the time, how long both took in milliseconds, how many of the refusals were 503
 * (busy), how many had no Retry-After, how many calls ended otherwise, and how the first of these
 * did; and for how long at the most the users themselves let answers lie, in milliseconds.
 */
final class Load {
  private static final int MOST_AT_ONCE = 32;

  private final SplittableRandom random = new SplittableRandom(1);
  private final PriorityQueue<User> thinking = new PriorityQueue<>();
  private final InetSocketAddress gateway;
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);
  private final Times late = new Times();
  private boolean counts;
  private long turnNanos;
  private long lastTurnNanos;

  private static final class Group {
    final String name;
    final byte[] request;
    final int users;
    final double thinkNanos;
    final boolean polite;
    long asked;
    long failed;
    String firstOther = "";
    long unmarked;
    long busy;
    final Times served = new Times();
    final Times refused = new Times();

    Group(String[] words, String host) {
      name = words[0];
      users = Integer.parseInt(words[2]);
      thinkNanos = Double.parseDouble(words[3]) * 1e6;
      polite = words[4].equals("polite");
      String parameters =
          switch (words[1]) {
            case "eth_getLogs" -> "[{\"fromBlock\":\"0x1\",\"toBlock\":\"0x40\"}]";
            case "eth_blockNumber" -> "[]";
            default -> "[\"0x0000000000000000000000000000000000000001\",\"latest\"]";
          };
      String body =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + words[1] + "\",\"params\":" + parameters + "}";
      request =
          ("POST /c HTTP/1.1\r\nHost: "
                  + host
                  + "\r\nContent-Type: application/json\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
              .getBytes(StandardCharsets.US_ASCII);
    }
  }

  /** Times in steps of a sixteenth of their size. */
  private static final class Times {
    final long[] counts = new long[64 * 16];
    long total;

    void add(long nanos) {
      long micros = Math.max(16, nanos / 1000);
      int shift = 59 - Long.numberOfLeadingZeros(micros);
      counts[shift * 16 + (int) (micros >> shift) - 16]++;
      total++;
    }

    double millis(double share) {
      long left = (long) (total * share);
      for (int i = 0; i < counts.length; i++) {
        left -= counts[i];
        if (left < 0) {
          return ((i % 16 + 16L) << (i / 16)) / 1000.0;
        }
      }
      return 0;
    }
  }

  private static final class User implements Comparable<User> {
    final Group group;
    SocketChannel channel;
    long dueNanos;
    long askedNanos;

    User(Group group) {
      this.group = group;
    }

    @Override
    public int compareTo(User other) {
      return Long.compare(dueNanos, other.dueNanos);
    }
  }

  private Load(int port) {
    gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public static void main(String[] arguments) throws IOException {
    Load load = new Load(Integer.parseInt(arguments[0]));
    Group[] groups =
        Arrays.stream(arguments, 2, arguments.length)
            .map(text -> new Group(text.split(","), "127.0.0.1:" + arguments[0]))
            .toArray(Group[]::new);
    load.run(groups, Double.parseDouble(arguments[1]));
  }

  private void run(Group[] groups, double seconds) throws IOException {
    Selector selector = Selector.open();
    for (Group group : groups) {
      for (int i = 0; i < group.users; i++) {
        User user = new User(group);
        connect(selector, user);
        think(user, group.thinkNanos * i / group.users);
      }
    }
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long half = start + (long) (seconds * 5e8);
    for (long now = start; now < end; now = System.nanoTime()) {
      counts = now >= half;
      askDue(now);
      User next = thinking.peek();
      long waitNanos = next == null ? 10_000_000 : next.dueNanos - System.nanoTime();
      if (waitNanos < 1_000_000) {
        selector.selectNow();
      } else {
        selector.select(Math.min(10, waitNanos / 1_000_000));
      }
      lastTurnNanos = turnNanos;
      turnNanos = System.nanoTime();
      for (SelectionKey key : selector.selectedKeys()) {
        read(selector, key, (User) key.attachment());
      }
      selector.selectedKeys().clear();
    }
    for (Group group : groups) {
      say(group, (end - half) / 1e9);
    }
    System.out.printf(
        Locale.ROOT, "users late p50=%.1f p99=%.1f%n", late.millis(0.5), late.millis(0.99));
  }

  private void connect(Selector selector, User user) throws IOException {
    SocketChannel channel = SocketChannel.open(gateway);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, user);
    user.channel = channel;
  }

  private void think(User user, double nanos) {
    user.dueNanos = System.nanoTime() + (long) nanos;
    thinking.add(user);
  }

  /** Not all of a crowd at once, so that answers do not lie meanwhile. */
  private void askDue(long nowNanos) throws IOException {
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      if (thinking.isEmpty() || thinking.peek().dueNanos > nowNanos) {
        return;
      }
      User user = thinking.remove();
      user.askedNanos = System.nanoTime();
      user.group.asked += counts ? 1 : 0;
      user.channel.write(ByteBuffer.wrap(user.group.request));
    }
  }

  /** Answers are short and come in one piece. */
  private void read(Selector selector, SelectionKey key, User user) throws IOException {
    in.clear();
    int length;
    try {
      length = user.channel.read(in);
    } catch (IOException e) {
      length = -1;
    }
    Group group = user.group;
    if (length < 12) {
      onOther(group, "the connection ended");
      user.channel.close();
      connect(selector, user);
      think(user, group.thinkNanos + 1e9);
      return;
    }
    long now = System.nanoTime();
    long nanos = now - user.askedNanos;
    if (counts) {
      late.add(now - lastTurnNanos);
    }
    boolean isServed = in.get(9) == '2';
    String status = text(12).substring(9);
    boolean isBusy = status.equals("503");
    boolean isRefused = status.equals("429") || isBusy;
    group.busy += counts && isBusy ? 1 : 0;
    if (counts && (isServed || isRefused)) {
      (isServed ? group.served : group.refused).add(nanos);
    }
    if (isRefused) {
      onRefused(user, length);
    } else {
      if (!isServed) {
        onOther(group, text(length));
      }
      think(user, group.thinkNanos);
    }
  }

  private void onOther(Group group, String how) {
    if (counts && group.failed++ == 0) {
      group.firstOther = how;
    }
  }

  private String text(int length) {
    byte[] bytes = new byte[length];
    in.get(0, bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private void onRefused(User user, int length) {
    String head = text(length).toLowerCase(Locale.ROOT);
    int at = head.indexOf("retry-after: ");
    user.group.unmarked += at < 0 && counts ? 1 : 0;
    long seconds = at < 0 ? 1 : Long.parseLong(head.substring(at + 13, head.indexOf('\r', at)));
    double told = seconds * 1e9 + random.nextDouble() * 1e9;
    think(user, user.group.polite ? told : user.group.thinkNanos);
  }

  private static void say(Group group, double seconds) {
    System.out.printf(
        Locale.ROOT,
        "%s users=%d asked/s=%.0f served/s=%.0f p50=%.1f p99=%.1f refused/s=%.0f p50=%.1f p99=%.1f"
            + " busy/s=%.0f unmarked=%d failed=%d%n",
        group.name,
        group.users,
        group.asked / seconds,
        group.served.total / seconds,
        group.served.millis(0.5),
        group.served.millis(0.99),
        group.refused.total / seconds,
        group.refused.millis(0.5),
        group.refused.millis(0.99),
        group.busy / seconds,
        group.unmarked,
        group.failed);
    if (group.failed > 0) {
      System.out.println(group.name + " failed first: " + group.firstOther.replaceAll("\\s+", " "));
    }
  }
}
