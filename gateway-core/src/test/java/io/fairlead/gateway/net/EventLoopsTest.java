package io.fairlead.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
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
}
