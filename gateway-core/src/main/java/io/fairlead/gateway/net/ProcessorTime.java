package io.fairlead.gateway.net;

import io.fairlead.routing.time.NanoClock;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/**
 * The processor's time that the calling thread has used, or else time as it passes.
 *
 * <p>The JVM's management is not loaded before somebody asks for the first time.
 *
 * <p>Thread-safety: confined to one thread, whose time it is.
 */
public final class ProcessorTime implements NanoClock {
  private final NanoClock otherwise;
  private @Nullable ThreadMXBean threads;

  /** The time of whichever thread asks; of a clock where the JVM does not know. */
  public ProcessorTime(NanoClock otherwise) {
    this.otherwise = otherwise;
  }

  @Override
  public long nanoTime() {
    ThreadMXBean known = threads;
    if (known == null) {
      known = ManagementFactory.getThreadMXBean();
      threads = known;
    }
    return known.isCurrentThreadCpuTimeSupported()
        ? known.getCurrentThreadCpuTime()
        : otherwise.nanoTime();
  }
}
