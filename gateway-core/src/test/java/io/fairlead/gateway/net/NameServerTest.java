package io.fairlead.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.testing.Eventually;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names with a name server of the test's own. */
class NameServerTest {
  private static final int DAY_SECONDS = 86_400;

  @TempDir private Path folder;

  private volatile byte lastByte = 1;

  @Test
  void aProviderThatMovesIsFollowedLongBeforeItsTimeToLiveIsOver() throws Exception {
    Path conf = Files.writeString(folder.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
    try (EventLoops loops = new EventLoops(Transport.NIO, 1, "test-io")) {
      Channel server = nameServer(loops);
      LoopResolver resolver =
          new LoopResolver(
              loops.loop(0),
              conf,
              1,
              new SingletonDnsServerAddressStreamProvider(
                  (InetSocketAddress) server.localAddress()));
      assertEquals("127.0.0.1", address(loops, resolver));
      lastByte = 2;
      Eventually.holds(
          "the new address",
          Duration.ofSeconds(20),
          () -> address(loops, resolver).equals("127.0.0.2"));
      loops.at(0).submit(resolver::close).sync();
      server.close().sync();
    }
  }

  private static String address(EventLoops loops, LoopResolver resolver) {
    try {
      List<InetAddress> addresses =
          loops.at(0).submit(() -> resolver.resolveAll("node.example")).get().get();
      return addresses.get(0).getHostAddress();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Channel nameServer(EventLoops loops) throws InterruptedException {
    return new Bootstrap()
        .group(loops.at(0))
        .channel(Transport.NIO.datagramChannel())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new DatagramDnsQueryDecoder(),
                        new DatagramDnsResponseEncoder(),
                        new Answers());
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .sync()
        .channel();
  }

  /** Says where the node is now, to be kept for a day. */
  private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      DatagramDnsResponse response =
          new DatagramDnsResponse(
              /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
      response.addRecord(
          DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
      if (question.type().equals(DnsRecordType.A)) {
        response.addRecord(
            DnsSection.ANSWER,
            new DefaultDnsRawRecord(
                question.name(),
                DnsRecordType.A,
                DAY_SECONDS,
                Unpooled.wrappedBuffer(new byte[] {127, 0, 0, lastByte})));
      }
      ctx.writeAndFlush(response);
    }
  }
}
