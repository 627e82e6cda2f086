package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.fuzz.FuzzTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Any body is read as Jackson reads it, whole or in two fragments: faults, ids, spans. */
public final class RequestTarget implements FuzzTarget {
  private static final int MAX_BATCH = 3;

  private final RequestScanner scanner = new RequestScanner(MAX_BATCH, 64, new byte[7]);

  @Override
  public void take(byte[] input) {
    JacksonView expected = JacksonView.of(input, MAX_BATCH);
    assertEquals(expected, scan(input, input.length), "whole");
    assertEquals(expected, scan(input, input.length / 2), "in halves");
  }

  /** What the scanner reads in a body of two fragments. */
  JacksonView scan(byte[] body, int cut) {
    scanner.reset();
    for (ByteBuf fragment :
        List.of(
            Unpooled.wrappedBuffer(body, 0, cut),
            Unpooled.wrappedBuffer(body, cut, body.length - cut))) {
      if (!scanner.feed(fragment)) {
        break;
      }
    }
    RequestFault fault = scanner.finish();
    List<String> calls = new ArrayList<>();
    boolean isRead = fault == RequestFault.NONE || fault == RequestFault.EMPTY_BATCH;
    for (int i = 0; isRead && i < scanner.size(); i++) {
      calls.add(describe(scanner.call(i)));
    }
    return new JacksonView(fault, isRead && scanner.isBatch(), calls);
  }

  private static String describe(CallSpans call) {
    return JacksonView.describe(
        call.fault(),
        new int[] {call.start(), call.end()},
        new int[] {call.idStart(), call.idStart() + call.idLength()},
        new int[] {call.methodStart(), call.methodStart() + call.methodLength()},
        new int[] {call.paramsStart(), call.paramsStart() + call.paramsLength()});
  }
}
