package io.fairlead.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the modes of files are POSIX's")
final class UnixListenerTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  private static ChannelHandler echo() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        ctx.writeAndFlush(bytes);
      }
    };
  }

  private Path path() {
    return folder.resolve("fairlead.sock");
  }

  private UnixDomainSocketAddress address() {
    return UnixDomainSocketAddress.of(path());
  }

  private Listener<UnixDomainSocketAddress> bind(EventLoops loops) throws IOException {
    return Listener.bindUnix(loops, address(), loop -> echo());
  }

  private String refusal(EventLoops loops) {
    return String.valueOf(assertThrows(IOException.class, () -> bind(loops).close()).getMessage());
  }

  private boolean isEchoing() throws IOException {
    try (SocketChannel client = SocketChannel.open(address())) {
      client.write(ByteBuffer.wrap("ahoy".getBytes(StandardCharsets.UTF_8)));
      ByteBuffer answer = ByteBuffer.allocate(4);
      while (answer.hasRemaining() && client.read(answer) >= 0) {}
      return new String(answer.array(), StandardCharsets.UTF_8).equals("ahoy");
    }
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void clientIsServedAndTheFileGoesWithTheListener(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    try (EventLoops loops = new EventLoops(transport, 2, "test-io")) {
      try (Listener<UnixDomainSocketAddress> listener = bind(loops)) {
        assertEquals(address(), listener.address());
        assertTrue(isEchoing());
        assertEquals(List.of("fairlead.sock"), files());
      }
      assertEquals(List.of(), files());
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void connectionsAreSpreadEvenlyOverTheLoops(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    Map<Integer, Integer> byLoop = new ConcurrentHashMap<>();
    try (EventLoops loops = new EventLoops(transport, 3, "test-io");
        Listener<UnixDomainSocketAddress> listener =
            Listener.bindUnix(loops, address(), loop -> counting(loop, byLoop))) {
      List<SocketChannel> clients = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        clients.add(SocketChannel.open(listener.address()));
      }
      Eventually.holds(byLoop::toString, SOON, () -> byLoop.equals(Map.of(0, 4, 1, 4, 2, 4)));
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  private static ChannelHandler counting(IoLoop loop, Map<Integer, Integer> byLoop) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelActive(ChannelHandlerContext ctx) {
        if (loop.inLoop() && Listener.isUnix(ctx.channel())) {
          byLoop.merge(loop.index(), 1, Integer::sum);
        }
      }
    };
  }

  @Test
  void ownerAndGroupMayConnectAndNobodyElse() throws Exception {
    try (EventLoops loops = new EventLoops(Transport.NIO, 1, "test-io");
        Listener<UnixDomainSocketAddress> listener = bind(loops)) {
      assertEquals(
          PosixFilePermissions.fromString("rw-rw----"),
          Files.getPosixFilePermissions(listener.address().getPath()));
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void fileOfADeadProcessIsReplaced(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(address());
    }
    assertTrue(Files.exists(path()), "the kernel leaves the file behind");
    try (EventLoops loops = new EventLoops(transport, 1, "test-io");
        Listener<UnixDomainSocketAddress> listener = bind(loops)) {
      assertEquals(address(), listener.address());
      assertTrue(isEchoing());
    }
    assertFalse(Files.exists(path()));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void socketOfALiveProcessIsLeftAlone(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    try (EventLoops loops = new EventLoops(transport, 1, "test-io");
        Listener<UnixDomainSocketAddress> first = bind(loops)) {
      assertEquals(
          "cannot listen on unix:" + first.address() + ": another process listens there",
          refusal(loops));
      assertTrue(isEchoing());
      assertEquals(List.of("fairlead.sock"), files());
    }
  }

  @Test
  void socketOfAStuckProcessIsLeftAloneWithoutWaitingForIt() throws Exception {
    try (ServerSocketChannel stuck = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        SocketChannel waiting = SocketChannel.open(StandardProtocolFamily.UNIX);
        SocketChannel another = SocketChannel.open(StandardProtocolFamily.UNIX);
        EventLoops loops = new EventLoops(Transport.NIO, 1, "test-io")) {
      stuck.bind(address(), 1);
      waiting.connect(address());
      another.connect(address());
      assertTrue(refusal(loops).contains(": another process may listen there: "), refusal(loops));
    }
  }

  @Test
  void fileThatIsNoSocketIsLeftAlone() throws Exception {
    Files.writeString(path(), "precious");
    try (EventLoops loops = new EventLoops(Transport.NIO, 1, "test-io")) {
      assertTrue(refusal(loops).contains("no socket (expected: another path)"), refusal(loops));
    }
    assertEquals("precious", Files.readString(path()));
    assertEquals(List.of("fairlead.sock"), files());
  }

  @Test
  void socketThatTookTheNameSinceIsNotRemoved() throws Exception {
    try (EventLoops loops = new EventLoops(Transport.NIO, 1, "test-io")) {
      Listener<UnixDomainSocketAddress> first = bind(loops);
      Files.delete(path());
      try (Listener<UnixDomainSocketAddress> second = bind(loops)) {
        first.close();
        first.close();
        assertEquals(address(), second.address());
        assertTrue(isEchoing());
      }
    }
  }

  @Test
  void pathThatTheKernelWouldCutIsRefused() throws Exception {
    UnixDomainSocketAddress tooLong = UnixDomainSocketAddress.of(folder.resolve("s".repeat(100)));
    try (EventLoops loops = new EventLoops(Transport.NIO, 1, "test-io")) {
      IOException e =
          assertThrows(
              IOException.class, () -> Listener.bindUnix(loops, tooLong, loop -> echo()).close());
      assertTrue(
          String.valueOf(e.getMessage())
              .matches(".*: the path is too long \\(expected: at most \\d+ bytes\\)"),
          e::toString);
    }
  }

  @Test
  void missingFolderIsSaid() throws Exception {
    Path path = folder.resolve("none/fairlead.sock");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    try (EventLoops loops = new EventLoops(Transport.NIO, 1, "test-io")) {
      IOException e =
          assertThrows(
              IOException.class, () -> Listener.bindUnix(loops, address, loop -> echo()).close());
      assertTrue(
          String.valueOf(e.getMessage()).startsWith("cannot listen on unix:" + path + ": "),
          e::toString);
    }
  }
}
