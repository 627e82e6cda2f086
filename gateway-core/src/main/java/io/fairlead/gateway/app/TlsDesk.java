package io.fairlead.gateway.app;

import io.fairlead.gateway.config.ListenConfig.Encryption;
import io.fairlead.gateway.config.TlsConfig;
import io.fairlead.gateway.metrics.CertificateState;
import io.fairlead.gateway.net.ServerTls;
import io.fairlead.gateway.net.ServerTls.Port;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of the listening ports: its files are read at start, on each reload of the configuration and
 * whenever their content changes.
 *
 * <p>Certificate and key are two files, which nobody replaces in one step. So what is wrong with
 * them is told only when it is still wrong at the next look; what is right is taken at once.
 *
 * <p>Thread-safety: safe; reading waits for the disk, on the caller's thread or the desk's own.
 */
final class TlsDesk implements AutoCloseable {
  static final Duration EXPIRES_SOON = Duration.ofDays(14);
  private static final Duration BETWEEN_WARNINGS = Duration.ofDays(1);
  private static final long LOOK_SECONDS = 10;
  private static final Logger LOG = LoggerFactory.getLogger(TlsDesk.class);

  private final InstantSource time;
  private final Optional<Watched> rpc;
  private final Optional<Watched> admin;
  private final ScheduledThreadPoolExecutor looks;

  private TlsDesk(Encryption config, InstantSource time) throws IOException {
    this.time = time;
    this.rpc = open(Port.RPC, config.rpc());
    this.admin = open(Port.ADMIN, config.admin());
    this.looks = new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("fairlead-tls", true));
  }

  /**
   * Reads the files of the ports that speak TLS.
   *
   * @throws IOException if one cannot be used; the message says which and why
   */
  static TlsDesk open(Encryption config, InstantSource time) throws IOException {
    return new TlsDesk(config, time);
  }

  private Optional<Watched> open(Port port, Optional<TlsConfig> config) throws IOException {
    return config.isPresent()
        ? Optional.of(new Watched(ServerTls.open(port, config.get(), time)))
        : Optional.empty();
  }

  /** A port's TLS and what was said of it. Guarded by itself. */
  private static final class Watched {
    private final ServerTls tls;
    private @Nullable String wrong;
    private volatile boolean refused;
    private Instant warnedAt = Instant.MIN;

    Watched(ServerTls tls) {
      this.tls = tls;
    }
  }

  Optional<ServerTls> rpc() {
    return rpc.map(watched -> watched.tls);
  }

  Optional<ServerTls> admin() {
    return admin.map(watched -> watched.tls);
  }

  private List<Watched> all() {
    List<Watched> all = new ArrayList<>();
    rpc.ifPresent(all::add);
    admin.ifPresent(all::add);
    return all;
  }

  /**
   * Begins to look at the files from time to time.
   *
   * @param events told of what came of it
   */
  void start(Consumer<RoutingEvent> events) {
    if (!all().isEmpty()) {
      looks.scheduleWithFixedDelay(() -> tryLook(events), 0, LOOK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void tryLook(Consumer<RoutingEvent> events) {
    try {
      look(events);
    } catch (RuntimeException e) {
      LOG.error("the files of TLS could not be looked at", e);
    }
  }

  /** Takes what is new, tells what is wrong for the second time. */
  void look(Consumer<RoutingEvent> events) {
    for (Watched watched : all()) {
      synchronized (watched) {
        watched.tls.tick();
        look(watched, events);
        warnOfExpiry(watched);
      }
    }
  }

  private static void look(Watched watched, Consumer<RoutingEvent> events) {
    String field = watched.tls.port().field();
    try {
      if (watched.tls.reload(watched.tls.config())) {
        events.accept(event(Kind.RELOADED, field, "the files changed"));
      }
      watched.wrong = null;
      watched.refused = false;
    } catch (IOException e) {
      String wrong = String.valueOf(e.getMessage());
      if (!wrong.equals(watched.wrong)) {
        watched.wrong = wrong;
        watched.refused = false;
      } else if (!watched.refused) {
        watched.refused = true;
        LOG.error("{}: the files changed and are not used, the old stay: {}", field, wrong);
        events.accept(event(Kind.RELOAD_REFUSED, field, wrong));
      }
    }
  }

  private static RoutingEvent event(Kind kind, String field, String reason) {
    return new RoutingEvent("", kind, field, reason, RoutingEvent.FAIRLEAD, 0, 0);
  }

  private void warnOfExpiry(Watched watched) {
    Instant now = time.instant();
    Instant expiry = watched.tls.expiry();
    boolean isSoon = expiry.isBefore(now.plus(EXPIRES_SOON));
    if (isSoon && watched.warnedAt.plus(BETWEEN_WARNINGS).isBefore(now)) {
      watched.warnedAt = now;
      LOG.warn("{}: the certificate expires at {}", watched.tls.port().field(), expiry);
    }
  }

  /**
   * Puts the files that a configuration names into force; whether a port speaks TLS at all stays
   * until the next start. If one cannot be used nothing changes.
   *
   * @return a line for each port whose TLS changed
   * @throws IOException if files cannot be used; the message says which and why
   */
  List<String> reload(Encryption next) throws IOException {
    check(rpc, next.rpc());
    check(admin, next.admin());
    List<String> changes = new ArrayList<>();
    reload(rpc, next.rpc(), changes);
    reload(admin, next.admin(), changes);
    return changes;
  }

  private static void check(Optional<Watched> watched, Optional<TlsConfig> next)
      throws IOException {
    if (watched.isPresent() && next.isPresent()) {
      ServerTls.check(watched.get().tls.port(), next.get());
    }
  }

  private static void reload(
      Optional<Watched> watched, Optional<TlsConfig> next, List<String> changes)
      throws IOException {
    if (watched.isPresent() && next.isPresent()) {
      ServerTls tls = watched.get().tls;
      if (tls.reload(next.get())) {
        changes.add(tls.port().field() + " replaced: holds for new connections");
      }
    }
  }

  /** What is known of each port that speaks TLS. */
  List<CertificateState> states() {
    return all().stream()
        .map(
            watched ->
                new CertificateState(
                    watched.tls.port().label(), watched.tls.expiry(), watched.refused))
        .toList();
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
