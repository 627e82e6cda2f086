package io.fairlead.gateway.testing;

import io.fairlead.gateway.net.WallClock;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.Period;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** An authority of a test, and the certificates that it issues for this machine. */
public final class TestPki {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final X509Bundle root;

  /** A new authority of a name. */
  public TestPki(String name) {
    root =
        build(
            () ->
                new CertificateBuilder()
                    .ecp256()
                    .subject("CN=" + name)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned());
  }

  private interface Making {
    X509Bundle make() throws Exception;
  }

  private static X509Bundle build(Making making) {
    try {
      return making.make();
    } catch (Exception e) {
      throw new IllegalStateException("no certificate", e);
    }
  }

  /** A certificate for this machine, good for a while. */
  public X509Bundle issue(String name) {
    return issue(name, Algorithm.ecp256, new WallClock().instant().plus(Period.ofDays(90)));
  }

  /** A certificate for this machine with a key of a kind, until a time. */
  public X509Bundle issue(String name, Algorithm algorithm, Instant notAfter) {
    return build(
        () ->
            new CertificateBuilder()
                .algorithm(algorithm)
                .subject("CN=" + name)
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .notBefore(notAfter.minus(Period.ofDays(365)))
                .notAfter(notAfter)
                .buildIssuedBy(root));
  }

  /** Writes NAME.crt and NAME.key. */
  public static void write(Path folder, String name, X509Bundle bundle) {
    try {
      Files.writeString(folder.resolve(name + ".crt"), bundle.getCertificatePathPEM());
      Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the authority's own certificate. */
  public void writeRoot(Path file) {
    try {
      Files.writeString(file, root.getRootCertificatePEM());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority's own certificate. */
  public X509Certificate root() {
    return root.getCertificate();
  }

  /** How a client connects that trusts this authority, and shows nothing. */
  public SSLContext client() {
    return client(Optional.empty());
  }

  /** How a client connects that trusts this authority, and shows a certificate. */
  public SSLContext client(X509Bundle shown) {
    return client(Optional.of(shown));
  }

  private SSLContext client(Optional<X509Bundle> shown) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("root", root.getCertificate());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] keys = shown.isPresent() ? keys(shown.get()) : new KeyManager[0];
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyManager[] keys(X509Bundle shown) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", shown.getKeyPair().getPrivate(), PASSWORD, shown.getCertificatePath());
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, PASSWORD);
    KeyManager[] managers = keys.getKeyManagers();
    for (int i = 0; i < managers.length; i++) {
      managers[i] = new ShowsAlways((X509ExtendedKeyManager) managers[i]);
    }
    return managers;
  }

  /** Shows the certificate also to servers that ask for one of another authority. */
  private static final class ShowsAlways extends X509ExtendedKeyManager {
    private final X509ExtendedKeyManager keys;

    ShowsAlways(X509ExtendedKeyManager keys) {
      this.keys = keys;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return "own";
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return "own";
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"own"};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return keys.getCertificateChain("own");
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return keys.getPrivateKey("own");
    }
  }
}
