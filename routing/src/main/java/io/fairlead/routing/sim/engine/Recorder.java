package io.fairlead.routing.sim.engine;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.result.Incident;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Run;
import io.fairlead.routing.sim.result.Timeline;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Takes down what happens in a play.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Recorder {
  private static final long WATCH_NANOS = 10_000_000L;

  private final Agenda agenda;
  private final Scenario scenario;
  private final Period period;
  private final Clients clients;
  private final Bystanders bystanders;
  private final Chronicle chronicle;
  private final Bench bench;
  private long retries;
  private long hedges;
  private long probes;
  private long limited;
  private long stale;
  private long staleUntilNanos;
  private long probesToDetect;

  Recorder(Scenario scenario, Agenda agenda) {
    this.scenario = scenario;
    this.agenda = agenda;
    this.period = new Period(scenario);
    this.clients = new Clients(period, scenario.play().timeoutNanos());
    this.bystanders = new Bystanders(scenario, period);
    this.chronicle = new Chronicle(scenario, period);
    this.bench = new Bench(scenario, period);
  }

  /** The gateways are there and time begins. */
  void begin(List<Seat> seats) {
    chronicle.begin(seats);
    agenda.add(Timeline.BUCKET_NANOS, Engine.TIMER, new Seat.Timer(this::turnOver));
    if (period.hasFaults()) {
      agenda.add(period.faultNanos(), Engine.TIMER, new Seat.Timer(this::watch));
    }
  }

  private void turnOver() {
    long now = agenda.nanoTime();
    chronicle.turnOver(now);
    if (now + Timeline.BUCKET_NANOS <= scenario.play().durationNanos()) {
      agenda.add(now + Timeline.BUCKET_NANOS, Engine.TIMER, new Seat.Timer(this::turnOver));
    }
  }

  /** Looks closely until the targets' share is gone. */
  private void watch() {
    long now = agenda.nanoTime();
    if (chronicle.isWatching(now)) {
      agenda.add(now + WATCH_NANOS, Engine.TIMER, new Seat.Timer(this::watch));
    }
  }

  void onArrived(Call call) {
    clients.onArrived(call);
    chronicle.onArrived();
  }

  void onSent(Attempt attempt) {
    chronicle.onSent(attempt, agenda.nanoTime());
    if (period.isMeasured(attempt.asked.arrivedNanos())) {
      if (attempt.asked.inFlight > 0) {
        hedges++;
      } else if (attempt.number > 0) {
        retries++;
      }
    }
  }

  /** The gateway has cancelled an attempt or is about to hear of its end. */
  void onOver(Attempt attempt) {
    chronicle.onOver(attempt, agenda.nanoTime());
  }

  void onReplied(Attempt attempt) {
    bystanders.onReplied(attempt, agenda.nanoTime());
    if (attempt.result == AttemptResult.LIMITED) {
      limited++;
    }
    boolean isAnswer = attempt.result == AttemptResult.SUCCESS && !attempt.asked.isEnded();
    if (isAnswer && attempt.asked.isHeadSensitive()) {
      long head = Weather.chainHead(agenda.nanoTime(), scenario.world().blockTimeNanos());
      long allowed = scenario.play().settings().policy().maxLagBlocks() + 1;
      if (attempt.headBlocks < head - allowed) {
        stale++;
        staleUntilNanos = agenda.nanoTime();
      }
    }
  }

  void onAnswered(Call call, boolean isGood) {
    long latency = agenda.nanoTime() - call.arrivedNanos();
    clients.onAnswered(call, isGood, latency);
    chronicle.onEnded(isGood, latency);
  }

  void onLost(Call call) {
    clients.onLost(call);
    chronicle.onEnded(false, agenda.nanoTime() - call.arrivedNanos());
  }

  void onProbe(int upstream) {
    probes++;
    boolean isSuspicious = period.isTarget(upstream) && now() >= period.faultNanos();
    probesToDetect += isSuspicious && !bench.hasDetected() ? 1 : 0;
  }

  void onBlamed(int gateway, FailureDomain domain) {
    bench.onBlamed(new Incident(now(), gateway, Incident.Kind.BLAMED, domain.toString()), domain);
  }

  void onEjected(int gateway, int upstream) {
    String id = scenario.world().upstreams().get(upstream).spec().id();
    bench.onEjected(new Incident(now(), gateway, Incident.Kind.EJECTED, id), upstream);
  }

  void onReturned(int gateway, int upstream) {
    String id = scenario.world().upstreams().get(upstream).spec().id();
    bench.onReturned(new Incident(now(), gateway, Incident.Kind.RETURNED, id), upstream);
  }

  private long now() {
    return agenda.nanoTime();
  }

  Result toResult(Run run) {
    Timeline timeline = chronicle.toTimeline();
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    double calls = Math.max(1, clients.count(Window.WHOLE));
    figures.put(Metric.RETRIES, retries / calls);
    figures.put(Metric.HEDGES, hedges / calls);
    figures.put(Metric.LIMITED, (double) limited);
    figures.put(Metric.STALE_ANSWERS, (double) stale);
    double days = scenario.play().durationNanos() / 86_400e9;
    figures.put(Metric.PROBES_PER_DAY, probes / days / scenario.world().upstreams().size());
    if (period.hasFaults()) {
      long staleFor = Math.max(0, staleUntilNanos - period.faultNanos());
      figures.put(Metric.STALE_FOR_MILLIS, staleFor / 1e6);
      figures.put(Metric.PROBES_TO_DETECT, (double) probesToDetect);
    }
    clients.report(figures);
    bystanders.report(figures);
    bench.report(figures);
    new Figures(scenario, period, timeline).report(figures);
    if (period.hasFaults() && !Double.isNaN(chronicle.goneMillis())) {
      figures.put(Metric.SHARE_GONE_MILLIS, chronicle.goneMillis());
    }
    return new Result(run, clients.toLatencies(), figures, timeline, bench.incidents());
  }

  /** What share of calls a class has. */
  static double shareOf(Scenario scenario, MethodClass methodClass) {
    return scenario.load().classes().stream()
        .filter(c -> c.methodClass() == methodClass)
        .mapToDouble(c -> c.share())
        .sum();
  }
}
