package io.fairlead.gateway.jsonrpc.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fairlead.gateway.fuzz.FuzzTarget;
import io.fairlead.gateway.jsonrpc.AnswerKind;
import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.gateway.jsonrpc.Excerpt;
import io.fairlead.gateway.jsonrpc.method.DataRows;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Any answer gets a verdict, the same whether it comes whole or in two fragments; that on an error
 * is what the rows say when they are read one after the other.
 */
public final class AnswerTarget implements FuzzTarget {
  private static final List<String> METHODS =
      List.of("eth_call", "eth_getLogs", "debug_traceTransaction", "eth_sendRawTransaction");
  private static final List<Integer> STATUSES = List.of(200, 429, 413, 403, 503);

  private final AnswerScanner scanner = new AnswerScanner(new byte[7]);
  private final AnswerClassifier classifier = AnswerClassifier.evm();
  private final PlainReading plain =
      new PlainReading(DataRows.read(AnswerClassifier.class, "evm-answers.txt"));
  private final List<MethodSpec> methods =
      METHODS.stream()
          .map(name -> Calls.of(name, "[]"))
          .map(call -> MethodSpecs.evm().find(call.body(), call.spans()))
          .toList();

  @Override
  public void take(byte[] input) {
    int choice = input.length == 0 ? 0 : input[input.length - 1] & 0xff;
    int status = STATUSES.get(choice % STATUSES.size());
    MethodSpec method = methods.get(choice / STATUSES.size() % methods.size());
    Verdict verdict = verdict(input, input.length, status, method);
    if (scanner.kind() == AnswerKind.ERROR) {
      assertEquals(plainVerdict(status, method), verdict, "as the rows read");
    }
    assertEquals(verdict, verdict(input, input.length / 2, status, method), "in halves");
  }

  private Verdict verdict(byte[] input, int cut, int status, MethodSpec method) {
    scanner.reset();
    ByteBuf first = Unpooled.wrappedBuffer(input, 0, cut);
    ByteBuf second = Unpooled.wrappedBuffer(input, cut, input.length - cut);
    scanner.feed(first);
    scanner.feed(second);
    assertNotEquals(AnswerKind.PENDING, scanner.finish(), "decided in the end");
    return classifier.classify(status, scanner, method);
  }

  /** By what the scanner keeps of the error, a character for each byte. */
  private Verdict plainVerdict(int status, MethodSpec method) {
    return plain.verdict(
        status,
        String.valueOf(scanner.errorCode()),
        method.methodClass(),
        List.of(text(scanner.message()), text(scanner.data())));
  }

  private static String text(Excerpt of) {
    int start = of.textStart();
    return new String(of.bytes(), start, of.textEnd() - start, StandardCharsets.ISO_8859_1);
  }
}
