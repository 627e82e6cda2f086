package io.fairlead.gateway.net;

import io.fairlead.gateway.config.TlsConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

/**
 * Makes the contexts of listening ports: TLS 1.2 and 1.3, with ephemeral key agreement and
 * authenticated encryption only, so that nothing can be read later with a stolen key, nor be
 * changed on the way. Source: RFC 9325, sections 3.1 and 4.2.
 */
final class TlsContexts {
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
  private static final long SESSIONS = 4096;

  private TlsContexts() {}

  /**
   * A context for accepted connections.
   *
   * @param protocols for ALPN, the preferred first
   * @throws IOException if the library does not take what it is given
   */
  static SslContext forServer(
      List<String> protocols, TlsIdentity identity, TlsConfig config, boolean boringSsl)
      throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                identity.key(), identity.chain().toArray(X509Certificate[]::new))
            .sslProvider(boringSsl ? SslProvider.OPENSSL : SslProvider.JDK)
            .protocols(VERSIONS)
            .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(alpn(protocols))
            .clientAuth(demand(config.clientAuth()))
            .sessionCacheSize(SESSIONS)
            .sessionTimeout(TicketKeys.LIFETIME.toSeconds());
    try {
      return trusting(builder, identity.authorities()).build();
    } catch (SSLException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private static ApplicationProtocolConfig alpn(List<String> protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }

  private static ClientAuth demand(TlsConfig.ClientAuth demand) {
    return switch (demand) {
      case NONE -> ClientAuth.NONE;
      case OPTIONAL -> ClientAuth.OPTIONAL;
      case REQUIRED -> ClientAuth.REQUIRE;
    };
  }

  /** Without authorities nobody is trusted, rather than whom the system trusts. */
  private static SslContextBuilder trusting(
      SslContextBuilder builder, List<X509Certificate> authorities) {
    return authorities.isEmpty()
        ? builder.trustManager(new TrustsNobody())
        : builder.trustManager(authorities.toArray(X509Certificate[]::new));
  }

  /** Sets the keys that tickets are sealed with; the JDK has its own and rotates them. */
  static void setTickets(SslContext context, OpenSslSessionTicketKey[] keys) {
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setTicketKeys(keys);
    }
  }

  private static final class TrustsNobody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("no client's certificate is trusted here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("no server is spoken to here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
