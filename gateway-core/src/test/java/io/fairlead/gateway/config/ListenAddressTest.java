package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where clients find the gateway. */
final class ListenAddressTest {
  private static ConfigResult load(String listen) {
    String yaml = "listen: { " + listen + " }\nchains: { a: { upstreams: [ { url: http://n } ] } }";
    return ConfigLoader.parse(Path.of("/etc/fairlead/fairlead.yaml"), yaml, Map.of());
  }

  private static String rpc(String address) {
    return load("rpc: \"" + address + "\"") instanceof ConfigResult.Loaded loaded
        ? loaded.config().listen().rpc().toString()
        : "refused";
  }

  @Test
  void socketIsBesideTheConfigurationUnlessItsPathIsWhole() {
    assertEquals("unix:/etc/fairlead/fairlead.sock", rpc("unix:fairlead.sock"));
    assertEquals("unix:/run/fairlead/a b.sock", rpc("unix:/run/fairlead/a b.sock"));
    assertEquals("[::1]:1", rpc("[::1]:1"));
  }

  @Test
  void socketNeedsAPath() {
    for (String wrong : List.of("unix:", "unix: ", "UNIX:a", "fairlead.sock", "unix:\\0")) {
      assertEquals("refused", rpc(wrong), wrong);
    }
    assertEquals(Optional.empty(), ListenAddress.parse("unix:"));
  }

  @Test
  void otherPortsAreNoSockets() {
    assertEquals(ConfigResult.Refused.class, load("admin: \"unix:a.sock\"").getClass());
    assertEquals(ConfigResult.Refused.class, load("ops: \"unix:a.sock\"").getClass());
  }

  @Test
  void socketTakesNoPort() {
    String listen = "rpc: \"unix:a:9545\", admin: \"127.0.0.1:9545\"";
    assertEquals(ConfigResult.Loaded.class, load(listen).getClass());
  }
}
