package io.fairlead.gateway.testing;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Processes that must not outlive the tests that started them. */
public final class Children {
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            Executors.defaultThreadFactory()
                .newThread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private Children() {}

  /**
   * Starts a process.
   *
   * @param builder what to start
   * @return the process, which {@link #kill} ends
   * @throws IOException if it cannot be started
   */
  public static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    ALIVE.add(process);
    return process;
  }

  /**
   * Ends a process at once, if it has not ended.
   *
   * @param process the process
   */
  public static void kill(Process process) {
    process.destroyForcibly();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ALIVE.remove(process);
  }
}
