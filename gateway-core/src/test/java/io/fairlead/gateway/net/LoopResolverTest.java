package io.fairlead.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopResolverTest {
  @TempDir private Path folder;

  private static Future<List<InetAddress>> resolve(EventLoops loops, Path conf, String host)
      throws Exception {
    LoopResolver resolver =
        new LoopResolver(loops.loop(0), conf, LoopResolver.MAX_TTL_SECONDS, null);
    Future<List<InetAddress>> answer =
        loops.at(0).submit(() -> resolver.resolveAll(host)).sync().getNow().await();
    loops.at(0).submit(resolver::close).sync();
    return answer;
  }

  @Test
  void localhostIsThisMachineWhateverTheNameServersSay() throws Exception {
    try (EventLoops loops = new EventLoops(Transport.NIO, 1, "test-io")) {
      for (String name : List.of("localhost", "LOCALHOST", "node.localhost")) {
        List<InetAddress> addresses = resolve(loops, folder.resolve("absent"), name).getNow();
        assertTrue(addresses.get(0).isLoopbackAddress(), name);
      }
    }
  }

  @Test
  void withoutNameServersTheJdkResolves() throws Exception {
    Path conf = Files.writeString(folder.resolve("resolv.conf"), "search example\n");
    try (EventLoops loops = new EventLoops(Transport.NIO, 1, "test-io")) {
      Future<List<InetAddress>> answer = resolve(loops, conf, "no-such-host.invalid");
      assertEquals(UnknownHostException.class, answer.cause().getClass());
    }
  }

  @Test
  void aNameServerMustBeNamed() throws Exception {
    assertFalse(LoopResolver.namesServer(folder.resolve("absent")));
    Path conf = folder.resolve("resolv.conf");
    assertFalse(LoopResolver.namesServer(Files.writeString(conf, "# nameserver 1.1.1.1\n")));
    assertTrue(
        LoopResolver.namesServer(Files.writeString(conf, "options x\nnameserver 127.0.0.53\n")));
  }
}
