package io.fairlead.gateway.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a process holds at one moment.
 *
 * @param heapMib live on the heap, after a collection
 * @param directMib held for network buffers outside the heap
 * @param threads how many, without the compilers'
 * @param descriptors open files and sockets
 * @param residentMib in memory, of all sorts
 */
record Vitals(
    double heapMib, double directMib, double threads, double descriptors, double residentMib) {
  private static final double MIB = 1 << 20;

  /**
   * Looks at a gateway, which collects its garbage first.
   *
   * @param gateway a gateway that runs
   * @return what it holds
   * @throws IOException if it does not run
   */
  static Vitals of(Gateway gateway) throws IOException {
    gateway.collectGarbage();
    Path process = Path.of("/proc", "" + gateway.pid());
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return new Vitals(
          gateway.metric("jvm_memory_bytes_used", "area=\"heap\"") / MIB,
          gateway.metric("fairlead_direct_memory_bytes", "") / MIB,
          threads(process),
          descriptors.count(),
          status(process, "VmRSS:") / 1024);
    }
  }

  /** Threads without the JVM's compilers, which come and go with the load. */
  private static long threads(Path process) throws IOException {
    try (Stream<Path> threads = Files.list(process.resolve("task"))) {
      return threads.filter(thread -> !Tasks.name(thread).matches("C[12] Compiler.*")).count();
    }
  }

  private static double status(Path process, String name) throws IOException {
    return Files.readAllLines(process.resolve("status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.split("\\s+", -1)[1]))
        .findFirst()
        .orElseThrow(() -> new IOException("no " + name));
  }

  /** How much more of each is allowed in half of a run. */
  static List<Growth> growths(List<Vitals> samples) {
    return List.of(
        Growth.of("heap, MiB", samples.stream().map(Vitals::heapMib).toList(), 8),
        Growth.of("direct memory, MiB", samples.stream().map(Vitals::directMib).toList(), 8),
        Growth.of("threads", samples.stream().map(Vitals::threads).toList(), 1),
        Growth.of("descriptors", samples.stream().map(Vitals::descriptors).toList(), 32),
        Growth.of("resident, MiB", samples.stream().map(Vitals::residentMib).toList(), 32));
  }

  /** A line of comma-separated values. */
  String csv() {
    return String.format(
        Locale.ROOT,
        "%.2f,%.2f,%.0f,%.0f,%.1f",
        heapMib,
        directMib,
        threads,
        descriptors,
        residentMib);
  }
}
