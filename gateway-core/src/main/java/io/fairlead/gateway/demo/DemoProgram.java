package io.fairlead.gateway.demo;

import io.fairlead.gateway.demo.view.CsvView;
import io.fairlead.gateway.demo.view.DemoView;
import io.fairlead.gateway.demo.view.LogView;
import io.fairlead.gateway.demo.view.ScreenView;
import io.fairlead.gateway.demo.view.Style;
import io.fairlead.gateway.demo.view.Summary;
import io.fairlead.gateway.demo.view.Views;
import io.fairlead.gateway.net.MonotonicClock;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code fairlead demo}: plays the demo, shows it, and says at the end what came of it.
 *
 * <p>Thread-safety: for one thread. An interrupt of the process ends the demo with its summary.
 */
public final class DemoProgram {
  private static final int DONE = 0;
  private static final int CALLS_WERE_LOST = 1;
  private static final long FAREWELL_SECONDS = 20;

  private final PrintWriter out;
  private final PrintWriter err;
  private final Optional<Style> screen;
  private final InstantSource time;

  /**
   * A program that has not begun.
   *
   * @param out where everything is printed
   * @param err where it is said that calls were lost
   * @param screen the terminal's style; empty for one line a second
   * @param time gives blocks their time
   */
  public DemoProgram(PrintWriter out, PrintWriter err, Optional<Style> screen, InstantSource time) {
    this.out = out;
    this.err = err;
    this.screen = screen;
    this.time = time;
  }

  /**
   * Plays the demo to its end.
   *
   * @param options what the command line says
   * @return the exit status: 0 when no call was lost
   * @throws IOException if a port is taken or the record cannot be written
   * @throws InterruptedException if the thread is interrupted
   */
  public int run(DemoOptions options) throws IOException, InterruptedException {
    Demo demo =
        new Demo(options, new LocalGateway.Starter(options.rpcPort()), new MonotonicClock(), time);
    CountDownLatch finished = new CountDownLatch(1);
    Thread farewell =
        new DefaultThreadFactory("farewell").newThread(() -> endEarly(demo, finished));
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      Summary summary = demo.run(this::print, view(options));
      print(summary.lines());
      return tell(summary);
    } finally {
      finished.countDown();
    }
  }

  private DemoView view(DemoOptions options) throws IOException {
    List<DemoView> views = new ArrayList<>();
    views.add(screen.<DemoView>map(s -> new ScreenView(out, s)).orElseGet(() -> new LogView(out)));
    if (options.record().isPresent()) {
      Path file = options.record().get();
      views.add(
          new CsvView(new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))));
    }
    return new Views(views);
  }

  private void print(List<String> lines) {
    out.println();
    lines.forEach(out::println);
    out.println();
    out.flush();
  }

  private int tell(Summary summary) {
    if (summary.isLossless()) {
      out.println("No call was lost.");
      out.flush();
      return DONE;
    }
    long failed = summary.last().load().total().failed();
    err.println("demo: " + failed + " of the calls were lost (expected: none); see above");
    err.flush();
    return CALLS_WERE_LOST;
  }

  /** Runs in a shutdown hook: lets the demo say goodbye before the process goes. */
  private static void endEarly(Demo demo, CountDownLatch finished) {
    if (finished.getCount() == 0) {
      return;
    }
    demo.stop();
    try {
      boolean unused = finished.await(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
