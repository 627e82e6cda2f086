package io.fairlead.gateway.upstream.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How what is begun goes to the socket. */
class OneWriteTest {
  private static final int SETTINGS = 4;
  private static final int HEADERS = 1;
  private static final int DATA = 0;
  private static final int RST_STREAM = 3;

  private final RequestTemplate template =
      new RequestTemplate(List.of(new RequestField(":method", "POST", false)));
  private final SharedConnection connection = SharedConnection.of(template, new Deaf());
  private final EmbeddedChannel channel = new EmbeddedChannel(connection);

  OneWriteTest() {
    channel.releaseOutbound();
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0}));
    channel.releaseOutbound();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private CallStream start(int bytes) {
    return connection.start(channel.alloc().buffer().writeZero(bytes), new Deaf());
  }

  private static String types(ByteBuf frames) {
    StringBuilder types = new StringBuilder();
    while (frames.isReadable()) {
      int length = frames.readUnsignedMedium();
      types.append(frames.readByte());
      frames.skipBytes(5 + length);
    }
    frames.release();
    return types.toString();
  }

  @Test
  void theCallsOfOneTurnOfTheLoopAreOneWrite() {
    for (int i = 0; i < 5; i++) {
      start(100);
    }
    assertNull(channel.readOutbound());
    channel.runPendingTasks();
    ByteBuf written = channel.readOutbound();
    assertEquals("1".repeat(5) + "0".repeat(5), types(written));
    assertNull(channel.readOutbound());
  }

  @Test
  void framesKeepTheirOrderWhateverTheirSize() {
    start(100);
    CallStream given = start(FrameBatch.SMALL_BODY_BYTES + 1);
    start(7);
    channel.runPendingTasks();
    given.cancel();
    channel.runPendingTasks();
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      all.writeBytes(next);
      next.release();
    }
    assertEquals("" + HEADERS + HEADERS + HEADERS + DATA + DATA + DATA + RST_STREAM, types(all));
  }

  @Test
  void nothingIsWrittenTwiceOrForNothing() {
    start(1);
    channel.runPendingTasks();
    channel.releaseOutbound();
    channel.flush();
    channel.runPendingTasks();
    assertNull(channel.readOutbound());
    assertTrue(channel.isOpen());
  }

  private static final class Deaf implements StreamListener, SharedConnection.Owner {
    @Override
    public void onHead(int status, HttpHeaders headers, long contentLength) {}

    @Override
    public void onContent(ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void onComplete() {}

    @Override
    public void onFailure(StreamFailure failure) {}

    @Override
    public void onSettled(SharedConnection connection) {}

    @Override
    public void onStreamEnd(SharedConnection connection) {}

    @Override
    public void onGoingAway(SharedConnection connection) {}

    @Override
    public void onClosed(SharedConnection connection) {}
  }
}
