package io.fairlead.gateway.soak;

import io.fairlead.gateway.testing.PushNode;
import io.fairlead.gateway.testing.RealTime;
import io.fairlead.gateway.testing.TestPki;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Plays mixed load and random faults against two gateways, one plain and one with TLS, for as long
 * as told, and says what they held meanwhile and which calls were not answered as they should have
 * been.
 *
 * <p>It fails if a gateway holds more in the last quarter than in the second ({@link Growth}), if
 * an answer is wrong or a subscriber is told something twice, not or out of order, if a call fails
 * whose answer had not begun to reach its client (somebody healthy is always there), if Netty's
 * leak detector says a word, or if anything is left of the clients once they have gone.
 */
public final class Soak {
  private static final double NANOS_A_SECOND = 1e9;
  private static final long SAMPLES = 180;
  private static final long LEAST_PERIOD_MILLIS = 3_000;
  private static final long MOST_PERIOD_MILLIS = 20_000;
  private static final long WARM_UP_MILLIS = 30_000;
  private static final int WARMERS = 8;

  /** Beyond this nothing more is asked: a machine that has no time for it is not buried. */
  private static final int MOST_IN_FLIGHT = 100;

  private static final long AT_REST_SECONDS = 90;

  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private final long startNanos = RealTime.CLOCK.nanoTime();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(6, new DefaultThreadFactory("soak", true));
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("soak-client", true));
  private final Path folder;
  private final double minutes;
  private final long seed;
  private final PrintStream journal;
  private volatile CpuWait cpuWait = new CpuWait(List.of());
  private final Findings findings = new Findings(this::say, () -> cpuWait.isStarved());

  private Soak(Path folder, double minutes, long seed) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.minutes = minutes;
    this.seed = seed;
    journal = new PrintStream(folder.resolve("journal").toFile(), StandardCharsets.UTF_8);
  }

  /**
   * Plays it.
   *
   * @param args a folder for files, how many minutes, the seed, the gateway's command
   * @throws Exception if something is not as it should be
   */
  public static void main(String[] args) throws Exception {
    Soak soak = new Soak(Path.of(args[0]), Double.parseDouble(args[1]), Long.parseLong(args[2]));
    List<String> faults = soak.play(args[3]);
    if (!faults.isEmpty()) {
      throw new AssertionError("not as it should be:\n  " + String.join("\n  ", faults));
    }
  }

  private List<String> play(String launcher) throws IOException, InterruptedException {
    TestPki authority = new TestPki("soak");
    TestPki.write(folder, "rpc", authority.issue("rpc"));
    String tls =
        String.format(
            Locale.ROOT, "{ certificate: \"%1$s/rpc.crt\", key: \"%1$s/rpc.key\" }", folder);
    say("seed " + seed + ", " + minutes + " minutes");
    try (Upstreams upstreams = new Upstreams(seed)) {
      String yaml = upstreams.yaml(new Random(seed));
      try (Gateway plain =
              new Gateway(new Gateway.Start("plain", launcher, folder.resolve("plain"), ""), yaml);
          Gateway secure =
              new Gateway(new Gateway.Start("TLS", launcher, folder.resolve("tls"), tls), yaml)) {
        return play(upstreams, plain, secure, authority);
      }
    }
  }

  private List<String> play(Upstreams upstreams, Gateway plain, Gateway secure, TestPki authority)
      throws IOException, InterruptedException {
    every(1_000, "blocks", () -> grow(upstreams.push(), upstreams.big()));
    List<Gateway> gateways = List.of(plain, secure);
    cpuWait = new CpuWait(List.of(plain.pid(), secure.pid(), ProcessHandle.current().pid()));
    every(1_000, "time", () -> cpuWait.look());
    Map<Gateway, List<Vitals>> vitals = new LinkedHashMap<>();
    Questions questions = new Questions(upstreams.chain(), new Random(seed + 1));
    Callers.Asked asked = new Callers.Asked(questions, upstreams, findings, new Random(seed + 2));
    RudeClients rude = new RudeClients(plain, secure, upstreams, findings, new Random(seed + 3));
    Troubles troubles = new Troubles(upstreams, gateways, new Random(seed), this::say, this::pause);
    try (Callers callers = new Callers(plain, secure, authority.client(), asked, threads);
        Subscribers subscribers = new Subscribers(plain, secure, authority.client(), findings)) {
      warmUp(callers);
      load(callers, subscribers, rude);
      clock.schedule(over::countDown, (long) (minutes * 60_000), TimeUnit.MILLISECONDS);
      ScheduledExecutorService sampler =
          Executors.newScheduledThreadPool(1, new DefaultThreadFactory("soak-vitals", true));
      long period =
          Math.max(
              LEAST_PERIOD_MILLIS,
              Math.min(MOST_PERIOD_MILLIS, (long) (minutes * 60_000) / SAMPLES));
      try (PrintStream csv =
          new PrintStream(folder.resolve("vitals.csv").toFile(), StandardCharsets.UTF_8)) {
        csv.println("seconds,gateway,heap MiB,direct MiB,threads,descriptors,resident MiB");
        sampler.scheduleAtFixedRate(
            () -> sample(gateways, vitals, csv), period, period, TimeUnit.MILLISECONDS);
        troubles.play();
        sampler.shutdown();
        sampler.awaitTermination(1, TimeUnit.MINUTES);
      }
      clock.shutdown();
      clock.awaitTermination(1, TimeUnit.MINUTES);
      long last = upstreams.push().head();
      if (!holds(60, () -> callers.inFlight() == 0)) {
        findings.onWrong("callers", callers.inFlight() + " calls are never answered");
      }
      threads.shutdown();
      if (!holds(30, () -> subscribers.areTold(last))) {
        findings.onWrong("subscribers", "not all are told of the last block, " + last);
      }
    }
    say(troubles.count() + " troubles; the clients have gone");
    List<String> wrong = new ArrayList<>();
    for (Gateway gateway : gateways) {
      wrong.addAll(judge(gateway, vitals.getOrDefault(gateway, List.of())));
    }
    findings.lines().forEach(this::say);
    say(
        String.format(
            Locale.ROOT,
            "%d calls; in %.1f %% of the seconds some thread waited long for a core; %d calls"
                + " failed then or soon after",
            findings.calls(),
            100 * cpuWait.share(),
            findings.starved()));
    if (findings.wrong() > 0) {
      wrong.add(findings.wrong() + " answers are wrong; the first failures:");
      wrong.addAll(findings.complaints());
    }
    return wrong;
  }

  /** Programs that have just started, and are slow, are not buried under calls. */
  private void warmUp(Callers callers) throws InterruptedException {
    long end = RealTime.CLOCK.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WARM_UP_MILLIS);
    while (RealTime.CLOCK.nanoTime() - end < 0) {
      if (callers.inFlight() < WARMERS) {
        callers.ask();
      }
      pause(20, TimeUnit.MILLISECONDS);
    }
    say("warm");
  }

  /** Some 120 calls a second in all, fewer where the machine cannot. */
  private void load(Callers callers, Subscribers subscribers, RudeClients rude) {
    every(
        10,
        "calls",
        () -> {
          if (callers.inFlight() < MOST_IN_FLIGHT) {
            callers.ask();
          }
        });
    every(700, "large answers", callers::askMuch);
    every(200, "calls off", callers::callOff);
    every(3_000, "subscribers", subscribers::come);
    every(250, "rubbish", () -> threads.execute(task("plain rubbish", rude::sendRubbish)));
    every(700, "knocks", () -> threads.execute(task("TLS knocks", rude::knock)));
    every(200, "leaving", () -> threads.execute(task("plain leaving", rude::leave)));
    every(200, "one call", () -> threads.execute(task("plain one call", rude::comeOnce)));
    every(
        3_000,
        "crumbs",
        () -> threads.execute(task("plain in crumbs", () -> rude.takeCrumbs(this::pause))));
  }

  private static void grow(PushNode push, PushNode big) {
    push.push();
    big.push();
  }

  /** Work of a client. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the task catches what it throws
  private void every(long millis, String name, Work work) {
    clock.scheduleAtFixedRate(task(name, work), millis, millis, TimeUnit.MILLISECONDS);
  }

  private Runnable task(String name, Work work) {
    return () -> {
      try {
        work.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException | RuntimeException e) {
        findings.onFailed(name, "" + e);
      }
    };
  }

  private boolean pause(long time, TimeUnit unit) throws InterruptedException {
    return !over.await(time, unit);
  }

  private void sample(List<Gateway> gateways, Map<Gateway, List<Vitals>> vitals, PrintStream csv) {
    for (Gateway gateway : gateways) {
      try {
        Vitals now = Vitals.of(gateway);
        vitals.computeIfAbsent(gateway, any -> new ArrayList<>()).add(now);
        csv.printf(Locale.ROOT, "%.0f,%s,%s%n", seconds(), gateway.name(), now.csv());
      } catch (IOException | RuntimeException e) {
        findings.onWrong("vitals", gateway.name() + ": " + e);
      }
    }
  }

  /** What is wrong with a gateway whose clients have gone. */
  private List<String> judge(Gateway gateway, List<Vitals> samples)
      throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    for (Growth growth : Vitals.growths(samples)) {
      say(
          String.format(
              Locale.ROOT,
              "%s, %s, %+.1f an hour",
              gateway.name(),
              growth,
              growth.perHour(minutes / 60)));
      if (growth.isLeak()) {
        wrong.add(gateway.name() + ": " + growth);
      }
    }
    double broken = gateway.metric("fairlead_requests_total", "outcome=\"broken\"");
    long failed = findings.failed(gateway.name());
    say(gateway.name() + ": " + failed + " calls failed, " + broken + " cut after their beginning");
    if (failed > broken) {
      wrong.add(gateway.name() + ": " + failed + " calls failed, " + broken + " of them begun");
      wrong.addAll(findings.complaints());
    }
    for (String rest :
        List.of(
            "fairlead_connections{listener=\"rpc\"",
            "fairlead_websocket_connections",
            "fairlead_subscriptions",
            "fairlead_upstream_in_flight")) {
      String name = rest.replaceAll("\\{.*", "");
      String labels = rest.substring(name.length()).replace("{", "");
      if (!holds(AT_REST_SECONDS, () -> metric(gateway, name, labels) == 0)) {
        wrong.add(gateway.name() + ": " + rest + " is " + metric(gateway, name, labels));
      }
    }
    gateway.collectGarbage();
    new RudeOnce(gateway).call();
    int status = gateway.stop();
    say(gateway.name() + " ended with " + status);
    wrong.addAll(gateway.alarms());
    return wrong;
  }

  /** The leak detector speaks when the next buffer is taken. */
  private record RudeOnce(Gateway gateway) {
    void call() throws IOException {
      gateway.metric("fairlead_build_info", "");
    }
  }

  private static double metric(Gateway gateway, String name, String labels) {
    try {
      return gateway.metric(name, labels);
    } catch (IOException e) {
      throw new IllegalStateException(gateway.name() + " does not answer", e);
    }
  }

  /** Waits at most so long; whether it holds. */
  private static boolean holds(long atMostSeconds, BooleanSupplier condition)
      throws InterruptedException {
    for (long left = atMostSeconds * 5; left > 0; left--) {
      if (condition.getAsBoolean()) {
        return true;
      }
      if (new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody opens it");
      }
    }
    return condition.getAsBoolean();
  }

  private double seconds() {
    return (RealTime.CLOCK.nanoTime() - startNanos) / NANOS_A_SECOND;
  }

  private void say(String what) {
    String line = String.format(Locale.ROOT, "%8.1f s  %s", seconds(), what);
    synchronized (journal) {
      journal.println(line);
      journal.flush();
      out.println(line);
    }
  }
}
