package io.fairlead.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // the loop runs what it is handed in order
final class DirectSendTest {
  private static final String TEXT = "notification";

  /** One connection to somebody who accepts, and what it sends. */
  private static final class Scene implements AutoCloseable {
    final EventLoops loops = new EventLoops(Transport.EPOLL, 1, "direct");
    final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    final ByteBuf bytes =
        loops.allocator().directBuffer().writeBytes(TEXT.getBytes(StandardCharsets.US_ASCII));
    final Channel channel =
        loops
            .loop(0)
            .newBootstrap()
            .handler(new ChannelInboundHandlerAdapter())
            .connect(server.getLocalSocketAddress())
            .syncUninterruptibly()
            .channel();
    final ChannelHandlerContext context = channel.pipeline().firstContext();
    final Socket socket = socket();

    Scene() throws IOException {}

    private Socket socket() {
      Socket found = DirectSend.socketOf(context);
      assertNotNull(found);
      return found;
    }

    int trySend() throws Exception {
      return loops.at(0).submit(() -> DirectSend.trySend(channel, socket, bytes)).get();
    }

    String received(int length) throws IOException {
      try (java.net.Socket accepted = server.accept()) {
        return new String(accepted.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close().syncUninterruptibly();
      bytes.release();
      loops.close();
      server.close();
    }
  }

  @Test
  void bytesGoOutAsTheyLieAndAreKept() throws Exception {
    assumeTrue(Transport.EPOLL.isAvailable());
    try (Scene scene = new Scene()) {
      assertEquals(TEXT.length(), scene.trySend());
      assertEquals(TEXT.length(), scene.bytes.readableBytes());
      assertEquals(TEXT, scene.received(TEXT.length()));
    }
  }

  @Test
  void whoseBytesAreChangedOnTheirWayOutHasNoSocketToWriteTo() throws Exception {
    assumeTrue(Transport.EPOLL.isAvailable());
    try (Scene scene = new Scene()) {
      scene.channel.pipeline().addLast(new ChannelOutboundHandlerAdapter());
      assertNotNull(DirectSend.socketOf(scene.context));
      scene.channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter());
      assertNull(DirectSend.socketOf(scene.context));
    }
  }

  @Test
  void nothingOvertakesWhatWaits() throws Exception {
    assumeTrue(Transport.EPOLL.isAvailable());
    try (Scene scene = new Scene()) {
      scene.loops.at(0).submit(() -> scene.channel.write(scene.bytes.retainedSlice())).get();
      assertEquals(0, scene.trySend());
    }
  }

  @Test
  void aClosedConnectionsBytesDoNotGoToWhoHasItsSocketsNumberNow() throws Exception {
    assumeTrue(Transport.EPOLL.isAvailable());
    try (Scene scene = new Scene();
        ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      InetSocketAddress to = (InetSocketAddress) other.getLocalSocketAddress();
      int number = scene.socket.intValue();
      int sent =
          scene
              .loops
              .at(0)
              .submit(
                  () -> {
                    scene.channel.close();
                    Socket stranger = Socket.newSocketStream();
                    stranger.connect(to);
                    int taken = DirectSend.trySend(scene.channel, scene.socket, scene.bytes);
                    boolean isReused = stranger.intValue() == number;
                    stranger.close();
                    return isReused ? taken : -1;
                  })
              .get();
      assumeTrue(sent >= 0, "somebody else got the number");
      assertEquals(0, sent);
    }
  }
}
