package io.fairlead.jmh.subscriptions;

import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.Transport;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures subscribers that are idle but for the heads they are told.
 *
 * <p>Memory is the process's resident set after a collection, with all connections and without; a
 * first crowd of a tenth comes and goes before, so that what the gateway needs once for all is part
 * of the base. The time of a head is from its writing at the node to its last delivery. Time on a
 * core is that of the gateway's process, with everything that it does meanwhile.
 */
public final class Main {
  private static final String NEW_HEADS =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";
  private static final int PAUSE_MILLIS = 200;
  private static final int WARM_HEADS = 60;

  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private final EventLoops loops = new EventLoops(Transport.choose(Transport.AUTO), 2, "load");

  private Main() {}

  /**
   * Plays the measurement.
   *
   * @param args a directory for files, the gateway's port, how many connections, how many heads
   * @throws IOException if the gateway does not start
   * @throws InterruptedException if it is told to end
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Main main = new Main();
    try (main.loops) {
      main.play(
          Path.of(args[0]),
          Integer.parseInt(args[1]),
          Integer.parseInt(args[2]),
          Integer.parseInt(args[3]));
    }
  }

  private void play(Path directory, int port, int connections, int heads)
      throws IOException, InterruptedException {
    try (PushingNode node = new PushingNode(loops, 0);
        GatewayProcess gateway = new GatewayProcess(directory, port, node.port())) {
      try (Crowd first = new Crowd(loops, 1, port)) {
        first.join(connections / 10, NEW_HEADS);
        for (int i = 0; i < WARM_HEADS; i++) {
          tell(node, first);
        }
      }
      long baseKib = gateway.residentKib();
      try (Crowd crowd = new Crowd(loops, 1, port)) {
        crowd.join(connections, NEW_HEADS);
        long idleKib = gateway.residentKib();
        for (int i = 0; i < WARM_HEADS; i++) {
          tell(node, crowd);
        }
        long[] before = gateway.cpuMicros();
        double[] threadsBefore = gateway.threadMicros();
        long[] millis = new long[heads];
        for (int i = 0; i < heads; i++) {
          millis[i] = tell(node, crowd) / 1000;
        }
        long[] after = gateway.cpuMicros();
        double[] threads = gateway.threadMicros();
        long toldKib = gateway.residentKib();
        Arrays.sort(millis);
        double messages = (double) heads * connections;
        double user = (after[0] - before[0]) / messages;
        double system = (after[1] - before[1]) / messages;
        out.printf(
            Locale.ROOT, "connections: %d, ended by the gateway: %d%n", connections, crowd.ended());
        out.printf(Locale.ROOT, "resident, base: %d KiB%n", baseKib);
        out.printf(
            Locale.ROOT,
            "resident, subscribed: %d KiB, %.1f KiB per connection%n",
            idleKib,
            (idleKib - baseKib) / (double) connections);
        out.printf(
            Locale.ROOT,
            "resident, after %d heads: %d KiB, %.1f KiB per connection%n",
            heads + WARM_HEADS,
            toldKib,
            (toldKib - baseKib) / (double) connections);
        out.printf(
            Locale.ROOT,
            "last of all has a head after: %.1f ms in the median, %.1f ms at p95, %.1f ms at the"
                + " most%n",
            millis[heads / 2] / 1000.0,
            millis[heads * 95 / 100] / 1000.0,
            millis[heads - 1] / 1000.0);
        out.printf(
            Locale.ROOT,
            "CPU per message: %.2f us (user %.2f, system %.2f)%n",
            user + system,
            user,
            system);
        out.printf(
            Locale.ROOT,
            "of it event loops %.2f us, the JVM's compilers %.2f, everything else %.2f%n",
            (threads[0] - threadsBefore[0]) / messages,
            (threads[1] - threadsBefore[1]) / messages,
            (threads[2] - threadsBefore[2]) / messages);
      }
    }
  }

  /** One head for all; how long it took until the last had it, in nanoseconds. */
  private static long tell(PushingNode node, Crowd crowd) throws InterruptedException {
    crowd.expect(crowd.size());
    long at = node.push().syncUninterruptibly().getNow();
    long last = crowd.await();
    GatewayProcess.pause(PAUSE_MILLIS);
    return last - at;
  }
}
