package io.fairlead.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.TlsConfig;
import io.fairlead.gateway.config.TlsConfig.ClientAuth;
import io.fairlead.gateway.testing.TestPki;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files make a port's TLS, and what is said of those that do not. */
final class TlsFilesTest {
  private final Instant end = new WallClock().instant().plus(Duration.ofDays(90));

  @TempDir private Path dir = Path.of("");
  private final TestPki authority = new TestPki("servers");

  private TlsConfig config() {
    return new TlsConfig(
        dir.resolve("rpc.crt"), dir.resolve("rpc.key"), Optional.empty(), ClientAuth.NONE);
  }

  private TlsIdentity read() throws IOException {
    return TlsFiles.read("listen.tls", config()).toIdentity();
  }

  private String refusal() {
    return String.valueOf(assertThrows(IOException.class, this::read).getMessage());
  }

  /** The key as OpenSSL wrote it before PKCS #8: what that wraps, under a name of its own. */
  private static String bare(X509Bundle bundle) {
    byte[] pkcs8 = bundle.getKeyPair().getPrivate().getEncoded();
    byte[] inner = null;
    for (int at = pkcs8.length - 1; at > 0 && inner == null; at--) {
      byte[] rest = Arrays.copyOfRange(pkcs8, at, pkcs8.length);
      if (rest[0] == 0x30 && length(rest) == rest.length && pkcs8[at - header(rest)] == 0x04) {
        inner = rest;
      }
    }
    String name = bundle.getKeyPair().getPrivate().getAlgorithm() + " PRIVATE KEY-----\n";
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(inner);
    return "-----BEGIN " + name + body + "\n-----END " + name;
  }

  private static int header(byte[] der) {
    int first = der[1] & 0xff;
    return first < 0x80 ? 2 : 2 + (first & 0x7f);
  }

  private static int length(byte[] der) {
    if (der.length < 4) {
      return -1;
    }
    int first = der[1] & 0xff;
    int content =
        switch (first) {
          case 0x81 -> der[2] & 0xff;
          case 0x82 -> ((der[2] & 0xff) << 8) | (der[3] & 0xff);
          default -> first;
        };
    return header(der) + content;
  }

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"ecp256", "ecp384", "rsa2048", "rsa3072"})
  void keysOfEveryUsualFormAreRead(Algorithm algorithm) throws IOException {
    X509Bundle bundle = authority.issue("rpc", algorithm, end);
    TestPki.write(dir, "rpc", bundle);
    assertEquals(bundle.getKeyPair().getPrivate(), read().key());
    Files.writeString(dir.resolve("rpc.key"), bare(bundle));
    assertEquals(bundle.getKeyPair().getPrivate(), read().key());
    Files.writeString(dir.resolve("rpc.key"), bundle.getCertificatePathPEM() + bare(bundle));
    assertEquals(bundle.getKeyPair().getPrivate(), read().key());
  }

  @Test
  void theKeyOfAnotherCertificateIsRefused() throws IOException {
    TestPki.write(dir, "rpc", authority.issue("rpc"));
    String other = authority.issue("rpc").getPrivateKeyPEM();
    Files.writeString(dir.resolve("rpc.key"), other);
    assertTrue(refusal().contains("listen.tls.key"), this::refusal);
    String rsa = authority.issue("rpc", Algorithm.rsa2048, end).getPrivateKeyPEM();
    Files.writeString(dir.resolve("rpc.key"), rsa);
    assertTrue(refusal().contains("listen.tls.key"), this::refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s3cr3t",
        "-----BEGIN PRIVATE KEY-----\ns3cr3t\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n!s3cr3t!\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\ns3cr3t\n"
            + "-----END RSA PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\ns3cr3tAA\n-----END ENCRYPTED PRIVATE KEY-----"
      })
  void aKeyThatIsNoneIsRefusedAndNotRepeated(String key) throws IOException {
    TestPki.write(dir, "rpc", authority.issue("rpc"));
    Files.writeString(dir.resolve("rpc.key"), key);
    IOException refused = assertThrows(IOException.class, this::read);
    for (Throwable each = refused; each != null; each = each.getCause()) {
      assertFalse(each.toString().contains("s3cr3t"), each::toString);
    }
    assertTrue(refusal().contains("listen.tls.key"), this::refusal);
  }

  @Test
  void aCertificateThatIsNoneIsRefused() throws IOException {
    TestPki.write(dir, "rpc", authority.issue("rpc"));
    Files.writeString(dir.resolve("rpc.crt"), "no PEM");
    assertTrue(refusal().contains("listen.tls.certificate"), this::refusal);
    Files.delete(dir.resolve("rpc.crt"));
    assertTrue(refusal().contains("cannot be read"), this::refusal);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eitherLibraryTakesWhatIsRead(boolean boringSsl) throws IOException {
    TestPki.write(dir, "rpc", authority.issue("rpc"));
    ServerTls tls =
        boringSsl
            ? ServerTls.open(ServerTls.Port.RPC, config(), new WallClock())
            : ServerTls.openByJdk(ServerTls.Port.RPC, config(), new WallClock());
    assertEquals(9, tls.context().cipherSuites().size());
    assertTrue(
        tls.context().cipherSuites().stream()
            .noneMatch(cipher -> cipher.contains("CBC") || cipher.startsWith("TLS_RSA")));
  }
}
