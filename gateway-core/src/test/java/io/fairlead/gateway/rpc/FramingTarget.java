package io.fairlead.gateway.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.fuzz.FuzzTarget;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Whatever a connection carries, the framing guard sees the requests in it that a strict reader
 * sees, or fewer: as many bytes of body in each, nothing of one taken for another. And it sees the
 * same however the bytes are cut.
 */
public final class FramingTarget implements FuzzTarget {
  private static final int LINE_BYTES = 8 << 10;
  private static final int HEADER_BYTES = 32 << 10;
  private static final int FIELDS = 100;
  private static final long FOREVER_NANOS = 3_600_000_000_000L;
  private static final ServingPlan.HttpLimits LIMITS =
      new ServingPlan.HttpLimits(
          LINE_BYTES,
          HEADER_BYTES,
          FIELDS,
          1,
          new ServingPlan.ClientPace(FOREVER_NANOS, 1, FOREVER_NANOS, FOREVER_NANOS));

  @Override
  public void take(byte[] input) {
    List<StrictReader.Request> seen = seen(input, List.of());
    List<StrictReader.Request> strict = new StrictReader(input).requests();
    assertTrue(seen.size() <= strict.size(), () -> seen + " where a strict reader sees " + strict);
    assertEquals(strict.subList(0, seen.size()), seen);
    Random random = new Random(Arrays.hashCode(input));
    List<Integer> cuts =
        random.ints(3, 0, input.length + 1).sorted().boxed().toList(); // may be the same
    assertEquals(seen, seen(input, cuts), () -> "cut at " + cuts);
    List<Integer> everywhere = new ArrayList<>();
    for (int i = 1; i < Math.min(input.length, LINE_BYTES); i++) {
      everywhere.add(i);
    }
    assertEquals(seen, seen(input, everywhere), "cut everywhere");
  }

  /** The whole requests that the guard lets pass when the bytes come in pieces. */
  private static List<StrictReader.Request> seen(byte[] input, List<Integer> cuts) {
    EmbeddedChannel channel = new EmbeddedChannel(new StrictRequestDecoder(LIMITS));
    int from = 0;
    for (int cut : cuts) {
      channel.writeInbound(Unpooled.copiedBuffer(input, from, cut - from));
      from = cut;
    }
    channel.writeInbound(Unpooled.copiedBuffer(input, from, input.length - from));
    List<StrictReader.Request> requests = new ArrayList<>();
    String line = "";
    StringBuilder body = new StringBuilder();
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      HttpObject object = (HttpObject) next;
      boolean isBad = object.decoderResult().isFailure();
      if (!isBad && object instanceof HttpRequest request) {
        line = request.method() + " " + request.uri() + ' ' + request.protocolVersion();
        body.setLength(0);
      }
      if (!isBad && object instanceof HttpContent content) {
        body.append(content.content().toString(StandardCharsets.ISO_8859_1));
      }
      if (!isBad && object instanceof LastHttpContent) {
        requests.add(new StrictReader.Request(line, body.toString()));
      }
      ReferenceCountUtil.release(object);
      if (isBad) {
        break;
      }
    }
    channel.finishAndReleaseAll();
    return requests;
  }
}
