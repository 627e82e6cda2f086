package io.fairlead.gateway.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Threads as Linux shows them, in {@code /proc/PID/task}. */
final class Tasks {
  private Tasks() {}

  /** A thread's name, at most 15 letters of it; empty when it has ended. */
  static String name(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** For how long it was ready to run and did not, in nanoseconds; 0 when it has ended. */
  static long waitedNanos(Path thread) {
    try {
      return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", -1)[1]);
    } catch (IOException e) {
      return 0;
    }
  }
}
