package io.fairlead.gateway.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.fairlead.gateway.call.ServingPlan.ClientPace;
import io.fairlead.gateway.call.ServingPlan.HttpLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A decoder that knows repeated heads again reads what one reads that has seen none before. */
class RepeatedRequestTest {
  private static final String HEAD =
      "POST /ethereum HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n";

  private static EmbeddedChannel decoder() {
    return new EmbeddedChannel(
        new StrictRequestDecoder(
            new HttpLimits(8192, 32_768, 100, 100, new ClientPace(1, 1, 1, 1))));
  }

  private static void feed(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
  }

  private static List<HttpObject> taken(EmbeddedChannel channel) {
    List<HttpObject> objects = new ArrayList<>();
    for (HttpObject next = channel.readInbound(); next != null; next = channel.readInbound()) {
      objects.add(next);
    }
    return objects;
  }

  /** What was read, however the bodies were cut. */
  private static String told(List<HttpObject> objects) {
    StringBuilder text = new StringBuilder();
    for (HttpObject object : objects) {
      if (object.decoderResult().isFailure()) {
        text.append("FAILED");
      } else if (object instanceof HttpRequest request) {
        text.append(request.method()).append(' ').append(request.uri());
        text.append(request.headers().entries()).append('<');
      }
      if (object instanceof HttpContent content) {
        ByteBuf bytes = content.content();
        text.append(bytes.toString(StandardCharsets.ISO_8859_1));
        bytes.release();
        text.append(object instanceof LastHttpContent ? ">" : "");
      }
    }
    return text.toString();
  }

  private static String post(String body) {
    return HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String anyRequest(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> "GET /ethereum HTTP/1.1\r\nHost: gateway\r\n\r\n";
      case 1 -> HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
      case 2 -> "\r\n" + post("1234");
      case 3 -> post("12345");
      case 4 -> HEAD + "Content-Length: 0\r\n\r\n";
      case 5 -> HEAD + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\nabcd";
      case 6 -> post("POST"); // a body that begins as a head does
      default -> post("abc" + random.nextInt(10));
    };
  }

  @RepeatedTest(50)
  void aRepeatedHeadIsReadAsTheFirst() {
    long seed = RandomGenerator.getDefault().nextLong();
    RandomGenerator random = new SplittableRandom(seed);
    StringBuilder stream = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      String request = i == 59 ? "POST /\u0001 HTTP/1.1\r\n\r\n" : anyRequest(random);
      stream.append(request);
      EmbeddedChannel fresh = decoder();
      feed(fresh, request);
      expected.append(told(taken(fresh)));
      fresh.finishAndReleaseAll();
    }
    EmbeddedChannel kept = decoder();
    List<HttpObject> read = new ArrayList<>();
    for (int at = 0; at < stream.length(); ) {
      int end = Math.min(stream.length(), at + 1 + random.nextInt(random.nextBoolean() ? 400 : 9));
      feed(kept, stream.substring(at, end));
      read.addAll(taken(kept));
      at = end;
    }
    assertEquals(expected.toString(), told(read), () -> "seed " + seed);
    kept.finishAndReleaseAll();
  }

  @Test
  void theSameHeadIsTheSameRequestAndAnotherIsNot() {
    EmbeddedChannel channel = decoder();
    feed(channel, post("abcd") + post("efgh") + post("ijklm") + post("nopqr"));
    List<HttpObject> all = taken(channel);
    List<HttpObject> requests =
        all.stream().filter(object -> object instanceof HttpRequest).toList();
    all.forEach(ReferenceCountUtil::release);
    assertEquals(4, requests.size());
    assertSame(requests.get(0), requests.get(1));
    assertNotSame(requests.get(1), requests.get(2));
    assertSame(requests.get(2), requests.get(3));
    channel.finishAndReleaseAll();
  }
}
