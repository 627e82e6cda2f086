package io.fairlead.gateway.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.ListenConfig.Encryption;
import io.fairlead.gateway.config.TlsConfig;
import io.fairlead.gateway.config.TlsConfig.ClientAuth;
import io.fairlead.gateway.net.WallClock;
import io.fairlead.gateway.testing.TestPki;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When files of TLS are taken, and what is told of them. */
final class TlsDeskTest {
  private final Instant now = new WallClock().instant();

  @TempDir private Path dir = Path.of("");
  private final TestPki authority = new TestPki("servers");
  private final List<RoutingEvent> events = new ArrayList<>();

  @BeforeEach
  void makeCertificate() {
    write(90);
  }

  private void write(int days) {
    TestPki.write(
        dir, "rpc", authority.issue("rpc", Algorithm.ecp256, now.plus(Duration.ofDays(days))));
  }

  private Encryption config() {
    TlsConfig rpc =
        new TlsConfig(
            dir.resolve("rpc.crt"), dir.resolve("rpc.key"), Optional.empty(), ClientAuth.NONE);
    return new Encryption(Optional.of(rpc), Optional.empty());
  }

  private static Instant expiry(TlsDesk desk) {
    return desk.states().get(0).expiry();
  }

  @Test
  void filesThatChangeAreTakenAtTheNextLook() throws IOException {
    try (TlsDesk desk = TlsDesk.open(config(), () -> now)) {
      Instant before = expiry(desk);
      desk.look(events::add);
      assertEquals(List.of(), events);
      write(80);
      desk.look(events::add);
      assertNotEquals(before, expiry(desk));
      assertEquals(List.of(Kind.RELOADED), events.stream().map(RoutingEvent::kind).toList());
      assertEquals("listen.tls", events.get(0).subject());
    }
  }

  @Test
  void filesThatDoNotFitAreToldOnceWhenTheyStaySo() throws IOException {
    try (TlsDesk desk = TlsDesk.open(config(), () -> now)) {
      Instant before = expiry(desk);
      String key = Files.readString(dir.resolve("rpc.key"));
      write(80);
      Files.writeString(dir.resolve("rpc.key"), key);
      desk.look(events::add);
      assertEquals(List.of(), events, "perhaps they are just being replaced");
      for (int i = 0; i < 3; i++) {
        desk.look(events::add);
        assertTrue(desk.states().get(0).refused());
      }
      assertEquals(List.of(Kind.RELOAD_REFUSED), events.stream().map(RoutingEvent::kind).toList());
      assertTrue(events.get(0).reason().contains("listen.tls.key"), events.get(0)::reason);
      assertEquals(before, expiry(desk));
      write(70);
      desk.look(events::add);
      assertFalse(desk.states().get(0).refused());
      assertNotEquals(before, expiry(desk));
    }
  }

  @Test
  void aReloadWithFilesThatCannotBeUsedChangesNothing() throws IOException {
    try (TlsDesk desk = TlsDesk.open(config(), () -> now)) {
      Instant before = expiry(desk);
      write(-1);
      assertThrows(IOException.class, () -> desk.reload(config()));
      Files.delete(dir.resolve("rpc.key"));
      assertThrows(IOException.class, () -> desk.reload(config()));
      assertEquals(before, expiry(desk));
      write(60);
      assertEquals(1, desk.reload(config()).size());
      assertEquals(0, desk.reload(config()).size());
      assertNotEquals(before, expiry(desk));
    }
  }

  @Test
  void aDeskWithoutPortsThatSpeakTlsLooksAtNothing() throws IOException {
    try (TlsDesk desk = TlsDesk.open(Encryption.NONE, () -> now)) {
      desk.start(events::add);
      assertEquals(List.of(), desk.states());
      assertTrue(desk.rpc().isEmpty() && desk.admin().isEmpty());
    }
  }
}
