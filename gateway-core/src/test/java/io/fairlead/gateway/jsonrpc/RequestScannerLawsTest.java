package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner reads what Jackson reads, whatever the fragments. */
class RequestScannerLawsTest {
  private static final int MAX_BATCH = 3;
  private static final int BODIES = 4_000;

  private final RequestScanner scanner = new RequestScanner(MAX_BATCH, 64, new byte[7]);

  @ParameterizedTest
  @ValueSource(longs = {1, 20_261_120, 77})
  void aBodyMeansWhatJacksonReads(long seed) {
    JsonMaker maker = new JsonMaker(new Random(seed));
    int whole = 0;
    for (int i = 0; i < BODIES; i++) {
      byte[] body = maker.spoil(maker.body().getBytes(StandardCharsets.UTF_8));
      JacksonView expected = JacksonView.of(body, MAX_BATCH);
      assertEquals(expected, scan(List.of(Unpooled.wrappedBuffer(body))), () -> say(seed, body));
      whole += expected.fault() == RequestFault.NONE ? 1 : 0;
    }
    assertEquals(true, whole > BODIES / 10, "too few whole bodies: " + whole);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3})
  void fragmentsDoNotMatter(long seed) {
    Random random = new Random(seed);
    JsonMaker maker = new JsonMaker(random);
    for (int i = 0; i < BODIES / 4; i++) {
      byte[] body = maker.spoil(maker.body().getBytes(StandardCharsets.UTF_8));
      JacksonView expected = JacksonView.of(body, MAX_BATCH);
      for (int split = 0; split <= body.length; split++) {
        ByteBuf first = Unpooled.wrappedBuffer(body, 0, split);
        ByteBuf second = Unpooled.wrappedBuffer(body, split, body.length - split);
        int at = split;
        assertEquals(
            expected, scan(List.of(first, second)), () -> say(seed, body) + " split at " + at);
      }
      List<ByteBuf> single = new ArrayList<>();
      for (int at = 0; at < body.length; at++) {
        single.add(Unpooled.wrappedBuffer(body, at, 1));
      }
      assertEquals(expected, scan(single), () -> say(seed, body) + " byte by byte");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = 4)
  void theKindOfBufferDoesNotMatter(long seed) {
    JsonMaker maker = new JsonMaker(new Random(seed));
    for (int i = 0; i < BODIES / 4; i++) {
      byte[] body = maker.spoil(maker.body().getBytes(StandardCharsets.UTF_8));
      JacksonView expected = JacksonView.of(body, MAX_BATCH);
      ByteBuf direct = Unpooled.directBuffer().writeZero(3).writeBytes(body).skipBytes(3);
      ByteBuf offset = Unpooled.buffer().writeZero(5).writeBytes(body).skipBytes(5).slice();
      int half = body.length / 2;
      ByteBuf composite =
          Unpooled.wrappedBuffer(
              Unpooled.copiedBuffer(body, 0, half),
              Unpooled.copiedBuffer(body, half, body.length - half));
      try {
        assertEquals(expected, scan(List.of(direct)), () -> say(seed, body) + " direct");
        assertEquals(expected, scan(List.of(offset)), () -> say(seed, body) + " offset");
        assertEquals(expected, scan(List.of(composite)), () -> say(seed, body) + " composite");
      } finally {
        direct.release();
        offset.release();
        composite.release();
      }
    }
  }

  private JacksonView scan(List<ByteBuf> fragments) {
    scanner.reset();
    for (ByteBuf fragment : fragments) {
      if (!scanner.feed(fragment)) {
        break;
      }
    }
    RequestFault fault = scanner.finish();
    List<String> calls = new ArrayList<>();
    boolean read = fault == RequestFault.NONE || fault == RequestFault.EMPTY_BATCH;
    if (read) {
      for (int i = 0; i < scanner.size(); i++) {
        calls.add(describe(scanner.call(i)));
      }
    }
    return new JacksonView(fault, read && scanner.isBatch(), calls);
  }

  private static String describe(CallSpans call) {
    return JacksonView.describe(
        call.fault(),
        new int[] {call.start(), call.end()},
        new int[] {call.idStart(), call.idStart() + call.idLength()},
        new int[] {call.methodStart(), call.methodStart() + call.methodLength()},
        new int[] {call.paramsStart(), call.paramsStart() + call.paramsLength()});
  }

  private static String say(long seed, byte[] body) {
    return "seed " + seed + ": " + new String(body, StandardCharsets.UTF_8);
  }
}
