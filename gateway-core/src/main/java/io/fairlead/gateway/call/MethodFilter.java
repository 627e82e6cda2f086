package io.fairlead.gateway.call;

import io.fairlead.routing.Upstream;
import java.util.function.Predicate;

/** Whether an upstream's operator lets it serve the method of one call. */
final class MethodFilter implements Predicate<Upstream> {
  private final LoopContext loop;
  private final CallMessage message;

  MethodFilter(LoopContext loop, CallMessage message) {
    this.loop = loop;
    this.message = message;
  }

  @Override
  public boolean test(Upstream upstream) {
    UpstreamLink link = loop.link(upstream);
    return link != null && message.isOfferedBy(link.methods());
  }
}
