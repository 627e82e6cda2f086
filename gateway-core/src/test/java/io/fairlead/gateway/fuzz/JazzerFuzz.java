package io.fairlead.gateway.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.gateway.jsonrpc.RequestTarget;
import io.fairlead.gateway.jsonrpc.verdict.AnswerTarget;
import io.fairlead.gateway.rpc.FramingTarget;
import io.fairlead.gateway.websocket.FrameTarget;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The targets under Jazzer, which watches what an input reaches and goes on from there.
 *
 * <p>No test by its name, so that the build's tests run without Jazzer's instrumentation. One
 * target is played at a time; the others are not even loaded, as that alone takes long.
 */
final class JazzerFuzz {
  private @Nullable FuzzTarget target;

  private void take(Supplier<FuzzTarget> opener, byte[] input) {
    FuzzTarget present = target == null ? opener.get() : target;
    target = present;
    present.take(input);
  }

  @FuzzTest(maxDuration = "1h")
  void requests(byte[] input) {
    take(RequestTarget::new, input);
  }

  @FuzzTest(maxDuration = "1h")
  void answers(byte[] input) {
    take(AnswerTarget::new, input);
  }

  @FuzzTest(maxDuration = "1h")
  void frames(byte[] input) {
    take(FrameTarget::new, input);
  }

  @FuzzTest(maxDuration = "1h")
  void configurations(byte[] input) {
    take(ConfigTarget::new, input);
  }

  @FuzzTest(maxDuration = "1h")
  void framing(byte[] input) {
    take(FramingTarget::new, input);
  }
}
