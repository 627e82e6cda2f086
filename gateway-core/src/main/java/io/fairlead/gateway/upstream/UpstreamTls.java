package io.fairlead.gateway.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trust and sessions for connections to upstreams: TLS 1.2 and 1.3, certificates and host names
 * verified against the trust store of the JDK, sessions resumed, HTTP/2 offered by ALPN to those
 * who can do with it. BoringSSL where it loads, else the JDK's own. There is no switch that trusts
 * everybody.
 *
 * <p>Thread-safety: safe. Reading the trust store takes a while, so {@link #load} belongs before
 * the first connection and off the event loops; without it the first connection pays.
 */
public final class UpstreamTls {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamTls.class);
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final ApplicationProtocolConfig ALPN =
      new ApplicationProtocolConfig(
          ApplicationProtocolConfig.Protocol.ALPN,
          ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);
  private static final long SESSION_CACHE_ENTRIES = 1024;
  private static final long SESSION_TIMEOUT_SECONDS = 3600;

  private final List<X509Certificate> extraTrust;
  private final boolean boringSsl;
  private @Nullable SslContext plain;
  private @Nullable SslContext offering;

  /** Trusts what the system trusts. */
  public UpstreamTls() {
    this(List.of());
  }

  /**
   * Trusts what the system trusts and some further authorities.
   *
   * @param extraTrust certificates of these authorities
   */
  public UpstreamTls(List<X509Certificate> extraTrust) {
    this(extraTrust, true);
  }

  /** With BoringSSL where it loads, or with the JDK's TLS whatever loads. */
  UpstreamTls(List<X509Certificate> extraTrust, boolean boringSsl) {
    this.extraTrust = List.copyOf(extraTrust);
    this.boringSsl = boringSsl;
  }

  /**
   * Reads the trust store and prepares the library, unless that was done.
   *
   * @throws IllegalStateException if this machine cannot do TLS; the cause says why
   */
  public void load() {
    context(false);
  }

  /** For one connection; whether the server may choose HTTP/2 or is told of no protocol at all. */
  SslHandler newHandler(ByteBufAllocator allocator, UpstreamAddress address, boolean offersHttp2) {
    return context(offersHttp2).newHandler(allocator, address.host(), address.port());
  }

  private synchronized SslContext context(boolean offersHttp2) {
    if (plain == null || offering == null) {
      try {
        create();
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException("TLS does not work here: " + e.getMessage(), e);
      }
    }
    return Objects.requireNonNull(offersHttp2 ? offering : plain);
  }

  private void create() throws GeneralSecurityException, IOException {
    boolean hasBoringSsl = boringSsl && OpenSsl.isAvailable();
    if (!hasBoringSsl) {
      LOG.info("TLS by the JDK; BoringSSL: {}", String.valueOf(OpenSsl.unavailabilityCause()));
    }
    SslProvider provider = hasBoringSsl ? SslProvider.OPENSSL : SslProvider.JDK;
    TrustManagerFactory trust = trust();
    plain = newContext(provider, trust, ApplicationProtocolConfig.DISABLED);
    offering = newContext(provider, trust, ALPN);
  }

  private static SslContext newContext(
      SslProvider provider, TrustManagerFactory trust, ApplicationProtocolConfig protocols)
      throws SSLException {
    return SslContextBuilder.forClient()
        .applicationProtocolConfig(protocols)
        .sslProvider(provider)
        .trustManager(trust)
        .protocols(PROTOCOLS)
        .endpointIdentificationAlgorithm("HTTPS")
        .sessionCacheSize(SESSION_CACHE_ENTRIES)
        .sessionTimeout(SESSION_TIMEOUT_SECONDS)
        .build();
  }

  private TrustManagerFactory trust() throws GeneralSecurityException, IOException {
    TrustManagerFactory system = newTrustManagerFactory();
    system.init((KeyStore) null);
    if (extraTrust.isEmpty()) {
      return system;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (TrustManager manager : system.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        addAll(store, "system", List.of(x509.getAcceptedIssuers()));
      }
    }
    addAll(store, "extra", extraTrust);
    TrustManagerFactory extended = newTrustManagerFactory();
    extended.init(store);
    return extended;
  }

  private static TrustManagerFactory newTrustManagerFactory() throws GeneralSecurityException {
    return TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
  }

  private static void addAll(KeyStore store, String prefix, List<X509Certificate> certificates)
      throws GeneralSecurityException {
    int number = 0;
    for (X509Certificate certificate : certificates) {
      store.setCertificateEntry(prefix + number++, certificate);
    }
  }
}
