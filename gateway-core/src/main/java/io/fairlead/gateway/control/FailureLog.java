package io.fairlead.gateway.control;

import io.fairlead.routing.time.NanoClock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Logs what tasks threw, at most once a second, with the count of those left out: a tick that fails
 * each time must not fill a disk.
 *
 * <p>Thread-safety: control loop only.
 */
final class FailureLog {
  private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final NanoClock clock;
  private final Logger log;
  private boolean logged;
  private long lastNanos;
  private long leftOut;

  FailureLog(NanoClock clock, Logger log) {
    this.clock = clock;
    this.log = log;
  }

  void onFailure(Runnable task, Throwable cause) {
    long now = clock.nanoTime();
    if (logged && now - lastNanos < GAP_NANOS) {
      leftOut++;
      return;
    }
    log.error(
        "a control task failed: {} ({} more failures since the last such line)",
        task,
        leftOut,
        cause);
    logged = true;
    lastNanos = now;
    leftOut = 0;
  }
}
