package io.fairlead.gateway.jsonrpc.verdict;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a verdict leaves behind for the collector: nothing. */
class VerdictCostTest {
  private static final int ROUNDS = 20_000;

  private final AnswerClassifier classifier = AnswerClassifier.evm();
  private final AnswerScanner scanner = new AnswerScanner(new byte[512]);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"code\":3,\"message\":\"execution reverted: paused\",\"data\":\"0x08\"}}",
        "{\"error\":{\"code\":-32000,\"message\":\"words that are in no row\",\"data\":{\"a\":1}}}",
        "{\"error\":{\"code\":\"-32000\",\"message\":\"maximum is 2048 blocks distance\"}}",
        "{\"error\":{\"code\":-32016,\"message\":\"over rate limit\"}}",
        "{\"error\":\"rate limit\"}"
      })
  void noErrorLeavesGarbage(String answer) throws JMException {
    Calls call = Calls.of("eth_call", "[]");
    MethodSpec method = MethodSpecs.evm().find(call.body(), call.spans());
    scanner.feed(Unpooled.wrappedBuffer(answer.getBytes(StandardCharsets.UTF_8)));
    scanner.finish();
    judge(method);
    long before = allocatedBytes();
    judge(method);
    long bytes = allocatedBytes() - before;
    assertTrue(bytes < ROUNDS, "bytes: " + bytes);
  }

  private void judge(MethodSpec method) {
    Verdict verdict = classifier.classify(500, scanner, method);
    for (int i = 0; i < ROUNDS; i++) {
      assertSame(verdict.kind(), classifier.classify(500, scanner, method).kind());
    }
  }

  private static long allocatedBytes() throws JMException {
    return (Long)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                "getThreadAllocatedBytes",
                new Object[] {Thread.currentThread().getId()},
                new String[] {"long"});
  }
}
