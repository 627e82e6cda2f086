package io.fairlead.gateway.config;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Where the gateway listens, and with what.
 *
 * @param rpc JSON-RPC for clients
 * @param admin gRPC for operators
 * @param ops metrics, health and the status page
 * @param answers what answers tell besides the answer
 * @param loops the event loops behind the rpc port
 */
public record ListenConfig(
    HostPort rpc, HostPort admin, HostPort ops, Answers answers, Loops loops) {
  /** Loopback on the usual ports, debug headers on. */
  public static final ListenConfig DEFAULT =
      new ListenConfig(
          new HostPort("127.0.0.1", 8545),
          new HostPort("127.0.0.1", 9545),
          new HostPort("127.0.0.1", 9546),
          Answers.DEFAULT,
          Loops.DEFAULT);

  /**
   * What answers tell besides the answer.
   *
   * @param debugHeaders whether they say which upstream gave them
   * @param explainFrom the clients that may ask for the whole decision
   */
  public record Answers(boolean debugHeaders, List<AddressBlock> explainFrom) {
    /** Everybody sees the upstream, clients on this machine the decision. */
    public static final Answers DEFAULT =
        new Answers(
            true,
            Stream.of("127.0.0.0/8", "::1").flatMap(b -> AddressBlock.parse(b).stream()).toList());

    /** Copies the list. */
    public Answers {
      explainFrom = List.copyOf(explainFrom);
    }
  }

  /**
   * The event loops.
   *
   * @param transport how they wait for the network
   * @param count how many; empty: chosen by the number of processors
   */
  public record Loops(Transport transport, OptionalInt count) {
    /** Both chosen by the gateway. */
    public static final Loops DEFAULT = new Loops(Transport.AUTO, OptionalInt.empty());
  }

  /** How event loops wait for the network. */
  public enum Transport {
    /** The best that works here. */
    AUTO,
    /** Linux io_uring. */
    IO_URING,
    /** Linux epoll. */
    EPOLL,
    /** The JDK's selector. */
    NIO
  }

  /**
   * Loopback on ports that the system chooses.
   *
   * @return for tests and embedded use
   */
  public static ListenConfig ephemeral() {
    HostPort any = new HostPort("127.0.0.1", 0);
    return new ListenConfig(any, any, any, Answers.DEFAULT, Loops.DEFAULT);
  }
}
