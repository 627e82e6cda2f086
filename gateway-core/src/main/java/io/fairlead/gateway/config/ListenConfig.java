package io.fairlead.gateway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Where the gateway listens, and with what.
 *
 * @param ports the addresses
 * @param encryption which of the ports speak TLS
 * @param proxies whose word on their clients is taken
 * @param answers what answers tell besides the answer
 * @param loops the event loops behind the rpc port
 */
public record ListenConfig(
    Ports ports, Encryption encryption, Proxies proxies, Answers answers, Loops loops) {
  /** Where JSON-RPC is spoken unless something else is said. */
  public static final HostPort DEFAULT_RPC = new HostPort("127.0.0.1", 8545);

  /** Loopback on the usual ports without TLS, debug headers on. */
  public static final ListenConfig DEFAULT =
      new ListenConfig(
          new Ports(DEFAULT_RPC, new HostPort("127.0.0.1", 9545), new HostPort("127.0.0.1", 9546)),
          Encryption.NONE,
          Proxies.NONE,
          Answers.DEFAULT,
          Loops.DEFAULT);

  /**
   * The addresses that are listened on.
   *
   * @param rpc JSON-RPC for clients
   * @param admin gRPC for operators
   * @param ops metrics, health and the status page
   */
  public record Ports(ListenAddress rpc, HostPort admin, HostPort ops) {
    private Ports in(Path folder) {
      return new Ports(rpc.in(folder), admin, ops);
    }
  }

  /**
   * Which ports speak TLS.
   *
   * @param rpc empty: JSON-RPC comes in plain
   * @param admin empty: operators come in plain
   */
  public record Encryption(Optional<TlsConfig> rpc, Optional<TlsConfig> admin) {
    /** Everything in plain. */
    public static final Encryption NONE = new Encryption(Optional.empty(), Optional.empty());

    private Encryption in(Path folder) {
      return new Encryption(rpc.map(tls -> tls.in(folder)), admin.map(tls -> tls.in(folder)));
    }
  }

  /**
   * The proxies in front of the rpc port whose word on their clients is taken.
   *
   * @param proxyProtocol those that begin each connection with a header of the PROXY protocol
   * @param forwardedFor those that name the client in X-Forwarded-For
   */
  public record Proxies(List<AddressBlock> proxyProtocol, List<AddressBlock> forwardedFor) {
    /** Nobody's. */
    public static final Proxies NONE = new Proxies(List.of(), List.of());

    /** Copies the lists. */
    public Proxies {
      proxyProtocol = List.copyOf(proxyProtocol);
      forwardedFor = List.copyOf(forwardedFor);
    }
  }

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
    return new ListenConfig(
        new Ports(any, any, any), Encryption.NONE, Proxies.NONE, Answers.DEFAULT, Loops.DEFAULT);
  }

  /**
   * Where clients are served.
   *
   * @return the address
   */
  public ListenAddress rpc() {
    return ports.rpc();
  }

  /**
   * Where operators steer.
   *
   * @return the address
   */
  public HostPort admin() {
    return ports.admin();
  }

  /**
   * Where metrics, health and the status page are.
   *
   * @return the address
   */
  public HostPort ops() {
    return ports.ops();
  }

  /**
   * This configuration with other encryption.
   *
   * @param encryption which ports speak TLS
   * @return a copy
   */
  public ListenConfig withEncryption(Encryption encryption) {
    return new ListenConfig(ports, encryption, proxies, answers, loops);
  }

  /** This configuration with its files in a folder. */
  ListenConfig in(Path folder) {
    return new ListenConfig(ports.in(folder), encryption.in(folder), proxies, answers, loops);
  }
}
