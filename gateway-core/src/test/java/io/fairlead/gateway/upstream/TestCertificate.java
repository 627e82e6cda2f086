package io.fairlead.gateway.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/** A self-signed certificate with its key, made by the JDK's keytool. */
final class TestCertificate {
  private static final String PASSWORD = "changeit";

  private final KeyStore store;

  /** A certificate for a name such as {@code dns:localhost} or {@code ip:127.0.0.1}. */
  TestCertificate(Path folder, String name) throws IOException, GeneralSecurityException {
    Path file = folder.resolve(name.replace(':', '-') + ".p12");
    if (!Files.exists(file)) {
      generate(file, name);
    }
    store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
  }

  private static void generate(Path file, String name) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + name,
                "-ext",
                "bc=ca:true",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  X509Certificate certificate() throws GeneralSecurityException {
    return (X509Certificate) store.getCertificate("server");
  }

  /** Listens with this certificate. */
  ServerSocketFactory serverSockets() throws GeneralSecurityException {
    return context().getServerSocketFactory();
  }

  /** Listens with this certificate and chooses the first of these protocols that is offered. */
  ServerSocketFactory serverSockets(String... protocols) throws GeneralSecurityException {
    return new Choosing(context().getServerSocketFactory(), protocols);
  }

  private static final class Choosing extends ServerSocketFactory {
    private final ServerSocketFactory sockets;
    private final String[] protocols;

    Choosing(ServerSocketFactory sockets, String... protocols) {
      this.sockets = sockets;
      this.protocols = protocols;
    }

    private ServerSocket choosing(ServerSocket socket) {
      SSLServerSocket secure = (SSLServerSocket) socket;
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setApplicationProtocols(protocols);
      secure.setSSLParameters(parameters);
      return secure;
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return choosing(sockets.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return choosing(sockets.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      return choosing(sockets.createServerSocket(port, backlog, address));
    }
  }

  private SSLContext context() throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
