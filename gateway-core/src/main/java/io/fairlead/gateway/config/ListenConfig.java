package io.fairlead.gateway.config;

import java.util.OptionalInt;

/**
 * Where the gateway listens, and with what.
 *
 * @param rpc JSON-RPC for clients
 * @param admin gRPC for operators
 * @param ops metrics, health and the status page
 * @param debugHeaders whether answers say which upstream gave them
 * @param loops the event loops behind the rpc port
 */
public record ListenConfig(
    HostPort rpc, HostPort admin, HostPort ops, boolean debugHeaders, Loops loops) {
  /** Loopback on the usual ports, debug headers on. */
  public static final ListenConfig DEFAULT =
      new ListenConfig(
          new HostPort("127.0.0.1", 8545),
          new HostPort("127.0.0.1", 9545),
          new HostPort("127.0.0.1", 9546),
          true,
          Loops.DEFAULT);

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
    return new ListenConfig(any, any, any, true, Loops.DEFAULT);
  }
}
