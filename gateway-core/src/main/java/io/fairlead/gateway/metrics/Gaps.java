package io.fairlead.gateway.metrics;

import io.fairlead.routing.Upstream;
import java.util.Map;

/**
 * What upstreams are known to lack.
 *
 * <p>Thread-safety: read on the scraper's thread.
 */
public interface Gaps {
  /**
   * How far back an upstream goes.
   *
   * @param upstream which
   * @return its oldest block by kind of data, for kinds with a known gap; {@link Long#MAX_VALUE}
   *     for none
   */
  Map<String, Long> oldestBlocks(Upstream upstream);

  /**
   * How many methods an upstream lacks.
   *
   * @param upstream which
   * @return those that are not asked of it now
   */
  long missingMethods(Upstream upstream);
}
