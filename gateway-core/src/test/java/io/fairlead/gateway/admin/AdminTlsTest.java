package io.fairlead.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.GetRoutingTableRequest;
import io.fairlead.gateway.cli.FairleadCommand;
import io.fairlead.gateway.config.FairleadConfig.Admin;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.TlsConfig;
import io.fairlead.gateway.config.TlsConfig.ClientAuth;
import io.fairlead.gateway.net.ServerTls;
import io.fairlead.gateway.net.ServerTls.Port;
import io.fairlead.gateway.net.WallClock;
import io.fairlead.gateway.testing.TestPki;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutual TLS on the admin port, as operators meet it. */
final class AdminTlsTest {
  @TempDir private Path dir = Path.of("");
  private final TestPki servers = new TestPki("servers");
  private final TestPki operators = new TestPki("operators");
  private final TestPki strangers = new TestPki("strangers");

  @BeforeEach
  void makeCertificates() {
    TestPki.write(dir, "admin", servers.issue("admin"));
    TestPki.write(dir, "alice", operators.issue("alice"));
    TestPki.write(dir, "mallory", strangers.issue("mallory"));
    servers.writeRoot(dir.resolve("servers.crt"));
    operators.writeRoot(dir.resolve("operators.crt"));
  }

  private ServerTls mutual() throws IOException {
    return ServerTls.open(Port.ADMIN, config(), new WallClock());
  }

  private TlsConfig config() {
    return new TlsConfig(
        dir.resolve("admin.crt"),
        dir.resolve("admin.key"),
        Optional.of(dir.resolve("operators.crt")),
        ClientAuth.REQUIRED);
  }

  private AdminFixture open(ServerTls tls) throws Exception {
    return AdminFixture.open(
        dir, new AdminAccess(new HostPort("127.0.0.1", 0), Admin.OPEN, Optional.of(tls)));
  }

  private record Outcome(int status, String out, String err) {}

  private static Outcome run(AdminFixture admin, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] args = new String[more.length + 3];
    args[0] = "routes";
    args[1] = "--admin";
    args[2] = admin.address();
    System.arraycopy(more, 0, args, 3, more.length);
    int status = FairleadCommand.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Outcome(status, out.toString(), err.toString());
  }

  private String file(String name) {
    return dir.resolve(name).toString();
  }

  @Test
  void theRightCertificateIsServedAndNamesTheAuthor() throws Exception {
    try (AdminFixture admin = open(mutual())) {
      X509Bundle alice = operators.issue("alice");
      String author =
          admin
              .secure(servers.root(), alice)
              .drain(DrainRequest.newBuilder().setTarget("aws-1").setAuthor("bob").build())
              .getChange()
              .getOverride()
              .getAuthor();
      assertEquals("alice", author);
    }
  }

  @Test
  void commandsSayWhatTheServerWants() throws Exception {
    try (AdminFixture admin = open(mutual())) {
      String ca = file("servers.crt");
      Outcome right =
          run(
              admin,
              "--tls-ca",
              ca,
              "--tls-cert",
              file("alice.crt"),
              "--tls-key",
              file("alice.key"));
      assertEquals(0, right.status(), right.err());

      Outcome plain = run(admin);
      assertEquals(1, plain.status());
      assertTrue(plain.err().contains("--tls-ca"), plain.err());

      Outcome nothingShown = run(admin, "--tls-ca", ca);
      assertEquals(1, nothingShown.status());
      assertTrue(nothingShown.err().contains("--tls-cert"), nothingShown.err());

      Outcome stranger =
          run(
              admin,
              "--tls-ca",
              ca,
              "--tls-cert",
              file("mallory.crt"),
              "--tls-key",
              file("mallory.key"));
      assertEquals(1, stranger.status());
      assertTrue(stranger.err().contains("--tls-cert"), stranger.err());

      Outcome wrongServer = run(admin, "--tls-ca", file("operators.crt"));
      assertEquals(1, wrongServer.status());
      assertTrue(wrongServer.err().contains("not trusted"), wrongServer.err());

      assertEquals(2, run(admin, "--tls-cert", file("alice.crt")).status());
    }
    try (AdminFixture admin = AdminFixture.open(dir)) {
      Outcome needless = run(admin, "--tls-ca", file("servers.crt"));
      assertEquals(1, needless.status());
      assertTrue(needless.err().contains("speaks no TLS"), needless.err());
    }
  }

  @Test
  void aReplacedCertificateHoldsForTheNextConnection() throws Exception {
    ServerTls tls = mutual();
    try (AdminFixture admin = open(tls)) {
      X509Bundle alice = operators.issue("alice");
      TestPki others = new TestPki("others");
      TestPki.write(dir, "admin", others.issue("admin"));
      assertTrue(tls.reload(config()));
      admin
          .secure(others.root(), alice)
          .getRoutingTable(GetRoutingTableRequest.getDefaultInstance());
    }
  }

  @Test
  void certificatesOpenOtherAddressesWithoutTokens() throws Exception {
    HostPort everywhere = new HostPort("0.0.0.0", 0);
    try (AdminFixture admin = AdminFixture.open(dir)) {
      AdminServer.start(
              new AdminAccess(everywhere, Admin.OPEN, Optional.of(mutual())), admin.control())
          .close();
      TlsConfig oneSided =
          new TlsConfig(
              dir.resolve("admin.crt"),
              dir.resolve("admin.key"),
              Optional.empty(),
              ClientAuth.NONE);
      ServerTls tls = ServerTls.open(Port.ADMIN, oneSided, new WallClock());
      assertThrows(
          IllegalArgumentException.class,
          () ->
              AdminServer.start(
                  new AdminAccess(everywhere, Admin.OPEN, Optional.of(tls)), admin.control()));
    }
  }
}
