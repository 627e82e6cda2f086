package io.fairlead.gateway.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Whether the machine gives the processes of a run time on its cores: a call that fails because it
 * did not is no fault of the gateway's.
 *
 * <p>Linux counts for each thread how long it was ready to run and did not ({@code
 * /proc/PID/task/TID/schedstat}, the second number, nanoseconds). A second in which some thread
 * that calls pass through waited for {@value #STARVED_MILLIS} ms of it is a starved one; what ends
 * within the deadline of a call after that may have suffered from it.
 *
 * <p>Thread-safety: {@link #look} from one thread, the rest from any.
 */
final class CpuWait {
  private static final long STARVED_MILLIS = 400;
  private static final long NANOS_A_MILLI = 1_000_000;
  private static final long AFTERMATH_SECONDS = 12;

  private static final List<String> OF_CALLS =
      List.of("fairlead-", "world-", "push-node-", "wire-proxy-", "soak-", "HttpClient-");

  private final List<Long> pids;
  private final Map<String, Long> waited = new HashMap<>();
  private final AtomicLong seconds = new AtomicLong();
  private final AtomicLong starved = new AtomicLong();
  private volatile long lastStarved = Long.MIN_VALUE / 2;

  /**
   * Nothing was seen yet.
   *
   * @param pids the processes
   */
  CpuWait(List<Long> pids) {
    this.pids = List.copyOf(pids);
  }

  /** Looks; to be called once a second. */
  void look() {
    long most = 0;
    for (long pid : pids) {
      most = Math.max(most, look(pid));
    }
    if (seconds.get() > 0 && most >= STARVED_MILLIS * NANOS_A_MILLI) {
      starved.incrementAndGet();
      lastStarved = seconds.get();
    }
    seconds.incrementAndGet();
  }

  /** The longest that a thread has waited since the last look. */
  private long look(long pid) {
    long most = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc", "" + pid, "task"))) {
      for (Path thread : threads.filter(CpuWait::isOfCalls).toList()) {
        long now = Tasks.waitedNanos(thread);
        Long before = waited.put(thread.toString(), now);
        most = Math.max(most, before == null ? 0 : now - before);
      }
    } catch (IOException e) {
      return most; // the process has ended, which others notice
    }
    return most;
  }

  /** Whether calls pass through it, rather than the JVM's own work. */
  private static boolean isOfCalls(Path thread) {
    String name = Tasks.name(thread);
    return OF_CALLS.stream().anyMatch(name::startsWith);
  }

  /** Whether what fails now may be for want of time on a core. */
  boolean isStarved() {
    return seconds.get() - lastStarved <= AFTERMATH_SECONDS;
  }

  /** How much of the run's seconds some thread was starved, 0 to 1. */
  double share() {
    return seconds.get() == 0 ? 0 : (double) starved.get() / seconds.get();
  }
}
