package io.fairlead.gateway.upstream.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The server's end of a connection for calls: reads masked frames, writes what a test says. */
final class ServerEnd {
  private static final int TEXT = 0x81;

  final EmbeddedChannel channel = new EmbeddedChannel();

  /** What came from the client, in order: texts as they are, control frames by their opcode. */
  final List<String> heard = new ArrayList<>();

  ServerEnd() {
    channel.pipeline().addLast(Upgrades.DECODER, new ChannelInboundHandlerAdapter());
    channel.pipeline().addLast(Upgrades.ENCODER, new ChannelOutboundHandlerAdapter());
  }

  /** Reads what has come since. */
  ServerEnd read() {
    channel.runPendingTasks();
    ByteBuf out = channel.readOutbound();
    while (out != null) {
      while (out.isReadable()) {
        heard.add(frame(out));
      }
      out.release();
      out = channel.readOutbound();
    }
    return this;
  }

  private static String frame(ByteBuf in) {
    int opcode = in.readUnsignedByte();
    int said = in.readUnsignedByte();
    if ((opcode & 0x80) == 0 || (said & 0x80) == 0) {
      throw new AssertionError("a client's frame in parts or without a mask");
    }
    int shortLength = said & 0x7f;
    int length = shortLength < 126 ? shortLength : in.readUnsignedShort();
    byte[] mask = new byte[4];
    in.readBytes(mask);
    byte[] payload = new byte[length];
    in.readBytes(payload);
    for (int i = 0; i < length; i++) {
      payload[i] ^= mask[i % 4];
    }
    boolean isText = (opcode & 0x0f) == 1;
    return isText ? new String(payload, StandardCharsets.UTF_8) : "opcode " + (opcode & 0x0f);
  }

  /** The ids of the calls heard so far, in order. */
  List<String> ids() {
    return read().heard.stream()
        .filter(text -> text.contains("\"id\":"))
        .map(text -> text.replaceAll(".*\"id\":([^,}]*).*", "$1"))
        .toList();
  }

  void say(String text) {
    send(frame(TEXT, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Answers the call that was heard at a place. */
  void answer(int index, String result) {
    say("{\"jsonrpc\":\"2.0\",\"id\":" + ids().get(index) + ",\"result\":" + result + "}");
  }

  void send(byte... bytes) {
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
  }

  boolean isClosed() {
    return !channel.isOpen();
  }

  /** A frame with any first byte. */
  static byte[] frame(int first, byte... payload) {
    ByteBuf out = Unpooled.buffer(payload.length + 10).writeByte(first);
    if (payload.length < 126) {
      out.writeByte(payload.length);
    } else if (payload.length < 0x10000) {
      out.writeByte(126).writeShort(payload.length);
    } else {
      out.writeByte(127).writeLong(payload.length);
    }
    out.writeBytes(payload);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }
}
