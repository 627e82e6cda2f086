package io.fairlead.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLoopsTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Test
  void eachLoopHasAThreadWithItsNumber() throws Exception {
    try (EventLoops loops = new EventLoops(Transport.NIO, 3, "fairlead-io")) {
      Set<String> names = ConcurrentHashMap.newKeySet();
      for (IoLoop loop : loops.all()) {
        loop.eventLoop().submit(() -> names.add(Thread.currentThread().getName())).sync();
        assertSame(loop, loops.of(loop.eventLoop()));
        assertSame(loop.eventLoop(), loops.at(loop.index()));
      }
      assertEquals(Set.of("fairlead-io-0", "fairlead-io-1", "fairlead-io-2"), names);
    }
  }

  @Test
  void anUnknownTransportIsRefusedAndNioAlwaysWorks() {
    assertThrows(IllegalArgumentException.class, () -> Transport.choose("carrier-pigeon"));
    assertEquals(Transport.NIO, Transport.choose("nio"));
    assertTrue(Transport.choose(Transport.AUTO).isAvailable());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aConnectionIsServedOnTheLoopItsHandlerWasMadeFor(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    int connections = 16;
    CountDownLatch active = new CountDownLatch(connections);
    Set<Integer> used = ConcurrentHashMap.newKeySet();
    try (EventLoops loops = new EventLoops(transport, 2, "test-io");
        Listener<InetSocketAddress> listener =
            Listener.bind(loops, ANY_PORT, loop -> onActive(loop, used, active))) {
      for (int i = 0; i < connections; i++) {
        new Socket(listener.address().getAddress(), listener.address().getPort()).close();
      }
      active.await();
      assertEquals(Set.of(0, 1), used);
    }
  }

  private static ChannelHandler onActive(IoLoop loop, Set<Integer> used, CountDownLatch active) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelActive(ChannelHandlerContext ctx) {
        if (loop.inLoop() && ctx.channel().eventLoop() == loop.eventLoop()) {
          used.add(loop.index());
        }
        active.countDown();
      }
    };
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aPortThatIsTakenIsRefusedByName(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    try (EventLoops loops = new EventLoops(transport, 2, "test-io");
        Listener<InetSocketAddress> first =
            Listener.bind(loops, ANY_PORT, loop -> new ChannelInboundHandlerAdapter())) {
      IOException e =
          assertThrows(
              IOException.class,
              () ->
                  Listener.bind(
                      loops, first.address(), loop -> new ChannelInboundHandlerAdapter()));
      assertTrue(
          String.valueOf(e.getMessage()).contains("127.0.0.1:" + first.address().getPort()),
          e::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void loopsThatEndAmidTasksHaveClosedTheirChannels(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    Ends ends = new Ends();
    EventLoops loops = new EventLoops(transport, 1, "test-io");
    Listener<InetSocketAddress> listener = Listener.bind(loops, ANY_PORT, loop -> ends);
    try (Socket client = connect(listener.address())) {
      ends.active.await();
      endAmidTasks(loops);
      assertEquals(1, ends.inactive.get(), "channels whose handlers heard of the end");
      assertEquals(-1, client.getInputStream().read(), "what the client reads");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whatIsOpenedWhenAChannelEndsIsClosedToo(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    try (ServerSocket elsewhere = new ServerSocket(0, 8, ANY_PORT.getAddress())) {
      EventLoops loops = new EventLoops(transport, 1, "test-io");
      Queue<ChannelFuture> late = new ConcurrentLinkedQueue<>();
      Ends ends =
          new Ends(
              () ->
                  late.add(
                      loops
                          .loop(0)
                          .newBootstrap()
                          .handler(new ChannelInboundHandlerAdapter())
                          .connect(elsewhere.getLocalSocketAddress())));
      Listener<InetSocketAddress> listener = Listener.bind(loops, ANY_PORT, loop -> ends);
      try (Socket client = connect(listener.address())) {
        ends.active.await();
        endAmidTasks(loops);
        assertEquals(-1, client.getInputStream().read(), "what the client reads");
      }
      assertEquals(1, late.size());
      late.forEach(each -> assertFalse(each.channel().isOpen(), "the late channel is open"));
    }
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket client = new Socket(address.getAddress(), address.getPort());
    client.setSoTimeout(20_000);
    return client;
  }

  /** Netty looks whether a loop is to end before its tasks and behind them; here it is between. */
  private static void endAmidTasks(EventLoops loops) {
    loops.at(0).submit(loops::shutdown).awaitUninterruptibly();
    loops.close();
  }

  /** Counts the ends of channels. */
  @ChannelHandler.Sharable
  private static final class Ends extends ChannelInboundHandlerAdapter {
    private final CountDownLatch active = new CountDownLatch(1);
    private final AtomicInteger inactive = new AtomicInteger();
    private final Runnable atEnd;

    Ends() {
      this(() -> {});
    }

    Ends(Runnable atEnd) {
      this.atEnd = atEnd;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      active.countDown();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      inactive.incrementAndGet();
      atEnd.run();
    }
  }
}
