package io.fairlead.gateway.net;

import io.fairlead.gateway.config.TlsConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a listening port, whose certificate can be replaced while it serves: what is read anew
 * holds for connections that begin afterwards, those that are open stay as they are. A pair that is
 * not good changes nothing.
 *
 * <p>One context serves all event loops, so that a session begun on one resumes on any other, also
 * after the certificate was replaced; see {@link TicketKeys} for how long. If other authorities are
 * trusted from now on, no earlier session resumes, for its client was verified against those of
 * then.
 *
 * <p>Thread-safety: safe. Reading files waits for the disk and so must not happen on a loop.
 */
public final class ServerTls {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private final Port port;
  private final InstantSource time;
  private final boolean boringSsl;
  private final TicketKeys tickets;
  private final SslContext context = new ReloadedContext(() -> inForce().context());
  private volatile InForce inForce;

  /** A listening port that may speak TLS. */
  public enum Port {
    /** JSON-RPC. */
    RPC("rpc", "listen.tls"),
    /** gRPC. */
    ADMIN("admin", "listen.adminTls");

    private final String label;
    private final String field;

    Port(String label, String field) {
      this.label = label;
      this.field = field;
    }

    /** Its name in metrics. */
    public String label() {
      return label;
    }

    /** What clients may choose from by ALPN, the preferred first. */
    private List<String> protocols() {
      return this == RPC ? List.of("h2", "http/1.1") : List.of("h2");
    }

    /** Where its TLS stands in the configuration. */
    public String field() {
      return field;
    }
  }

  /** Hears what becomes of connections, on their event loops. */
  public interface Watcher {
    /**
     * The client speaks plain HTTP.
     *
     * @return what to answer it before the connection ends; taken over
     */
    ByteBuf onPlain(Channel channel);

    /**
     * A handshake is done.
     *
     * @param protocol such as {@code TLSv1.3}
     */
    void onHandshake(String protocol);

    /** A handshake failed, or took too long. */
    void onFailed(Channel channel, Throwable cause);
  }

  private record InForce(
      TlsConfig config, String digest, TlsIdentity identity, SslContext context) {}

  private ServerTls(Port port, TlsConfig config, InstantSource time, boolean boringSsl)
      throws IOException {
    this.port = port;
    this.time = time;
    this.boringSsl = boringSsl && OpenSsl.isAvailable();
    this.tickets = new TicketKeys(new SecureRandom(), time.instant());
    TlsFiles files = TlsFiles.read(port.field, config);
    this.inForce = take(files, config, files.toIdentity());
    if (!inForce.identity.isValidAt(time.instant())) {
      LOG.error("{}: the certificate is not valid now: {}", port.field, inForce.identity);
    }
  }

  /**
   * Reads the files and makes all ready.
   *
   * @param port which port
   * @param config its files
   * @param time the time of day
   * @throws IOException if they do not make a port's TLS; the message says what is wrong
   */
  public static ServerTls open(Port port, TlsConfig config, InstantSource time) throws IOException {
    return new ServerTls(port, config, time, true);
  }

  /** With the JDK's TLS whatever loads. */
  static ServerTls openByJdk(Port port, TlsConfig config, InstantSource time) throws IOException {
    return new ServerTls(port, config, time, false);
  }

  /**
   * Looks whether files would make a port's TLS, as {@link #open} does.
   *
   * @throws IOException if not; the message says what is wrong
   */
  public static void check(Port port, TlsConfig config) throws IOException {
    TlsFiles.read(port.field, config).toIdentity();
  }

  private InForce inForce() {
    return inForce;
  }

  private InForce take(TlsFiles files, TlsConfig config, TlsIdentity identity) throws IOException {
    SslContext made = TlsContexts.forServer(port.protocols(), identity, config, boringSsl);
    TlsContexts.setTickets(made, tickets.all());
    LOG.info(
        "{}: TLS by {}, certificate {}", port.field, boringSsl ? "BoringSSL" : "the JDK", identity);
    return new InForce(config, files.digest(), identity, made);
  }

  /**
   * Reads the files again and puts what they say into force, if it is anything new.
   *
   * @param config the files, perhaps others than before
   * @return whether anything changed
   * @throws IOException if they do not make a port's TLS now, or the certificate is not valid now;
   *     the message says what is wrong, and what was in force stays
   */
  public synchronized boolean reload(TlsConfig config) throws IOException {
    TlsFiles files = TlsFiles.read(port.field, config);
    if (files.digest().equals(inForce.digest)) {
      inForce = new InForce(config, inForce.digest, inForce.identity, inForce.context);
      return false;
    }
    TlsIdentity identity = files.toIdentity();
    if (!identity.isValidAt(time.instant())) {
      throw new IOException(
          port.field + ".certificate: not valid now: " + identity + " (expected: one that is)");
    }
    boolean trustsOthers =
        !identity.authorities().equals(inForce.identity.authorities())
            || config.clientAuth() != inForce.config.clientAuth();
    if (trustsOthers) {
      tickets.renew(time.instant());
    }
    inForce = take(files, config, identity);
    return true;
  }

  /** Rotates what is to be rotated from time to time; to be called every few minutes or oftener. */
  public synchronized void tick() {
    if (tickets.tryRotate(time.instant())) {
      TlsContexts.setTickets(inForce.context, tickets.all());
    }
  }

  /** The configuration in force. */
  public TlsConfig config() {
    return inForce.config;
  }

  /** When the certificate in force, or one that vouches for it, expires. */
  public Instant expiry() {
    return inForce.identity.expiry();
  }

  /** Which port it is for. */
  public Port port() {
    return port;
  }

  /** Always the context in force, for servers that make their connections themselves. */
  public SslContext context() {
    return context;
  }

  /**
   * Puts TLS at the end of an accepted connection's pipeline; what follows sees plain bytes.
   *
   * @param watcher hears what becomes of the connection
   */
  public void install(ChannelPipeline pipeline, Watcher watcher) {
    pipeline.addLast(
        new TlsDoor.Outer(watcher),
        newHandler(pipeline.channel().alloc()),
        new TlsDoor.Inner(watcher));
  }

  private SslHandler newHandler(ByteBufAllocator allocator) {
    SslHandler handler = inForce.context.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(HANDSHAKE.toMillis());
    return handler;
  }
}
