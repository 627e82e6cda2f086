package io.fairlead.gateway.app;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.filter.FilterHandler;
import io.fairlead.gateway.filter.Filters;
import io.fairlead.gateway.jsonrpc.method.MethodSpec.Dispatch;
import io.fairlead.gateway.logs.LogLimits;
import io.fairlead.gateway.logs.LogsHandler;
import io.fairlead.gateway.verify.CrossCheck;
import io.fairlead.routing.time.NanoClock;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/**
 * How the calls of one chain are answered, and what of that outlives a reload.
 *
 * <p>Thread-safety: made and asked for handlers on the control thread; what it keeps is safe.
 */
final class ChainHandlers {
  private final LogLimits logLimits = new LogLimits();
  private final Filters filters;
  private final int loops;

  /**
   * Handlers of one chain.
   *
   * @param loops how many event loops there are
   * @param clock the loops' time
   */
  ChainHandlers(int loops, NanoClock clock) {
    this.filters = new Filters(new SecureRandom(), clock.nanoTime());
    this.loops = loops;
  }

  /**
   * Hands each call to what its method's dispatch asks for.
   *
   * @param check what the chain's untrusted upstreams are held to, if it has any
   */
  CallHandler byDispatch(Optional<CrossCheck> check) {
    CallHandler logs = new LogsHandler(logLimits, loops);
    return new ByDispatch(
        Map.of(
            Dispatch.LOGS,
            check.map(c -> c.around(logs)).orElse(logs),
            Dispatch.FILTER,
            new FilterHandler(filters)),
        check.<CallHandler>map(c -> c).orElse(CallHandler.UPSTREAMS));
  }

  /**
   * Hands each call to what its method asks for, and to upstreams where it asks for nothing.
   *
   * @param handlers by the method data
   * @param questions puts a call to upstreams
   */
  private record ByDispatch(Map<Dispatch, CallHandler> handlers, CallHandler questions)
      implements CallHandler {
    @Override
    public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
      return handlers.getOrDefault(message.spec().dispatch(), questions).start(call, message, sink);
    }
  }
}
