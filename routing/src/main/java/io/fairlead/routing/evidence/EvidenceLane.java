package io.fairlead.routing.evidence;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop observes of one chain's upstreams, on its way to the control loop.
 *
 * <p><b>Idea.</b> Counters with a single writer need no lock and no compare-and-swap: the loop
 * writes them with release order, the control loop reads them with acquire order and works with the
 * differences to what it read before. Nothing is queued, so nothing can overflow or be lost, and a
 * slow control loop only sees larger differences.
 *
 * <p><b>Cost.</b> About 50 ns for an attempt, most of it for the latency recorder; no allocation
 * after an upstream's first attempts of a class.
 *
 * <p><b>The doorbell</b> is rung on the event loop when evidence against somebody arrives, once
 * until the next drain, so that the control loop can tick at once instead of at its next beat. It
 * must be quick and must not throw.
 *
 * <p>Thread-safety: {@code on...} methods belong to one event loop, all others to the control loop.
 */
public final class EvidenceLane {
  private final Runnable doorbell;
  private final AtomicBoolean rung = new AtomicBoolean();
  private final AtomicReference<Cells> cells =
      new AtomicReference<>(new Cells(new @Nullable EvidenceCell[0]));

  /**
   * An empty lane.
   *
   * @param doorbell run on the event loop when evidence against somebody arrives
   */
  public EvidenceLane(Runnable doorbell) {
    this.doorbell = doorbell;
  }

  /**
   * An attempt ended that was never reported as overdue.
   *
   * @param upstream where
   * @param methodClass of which class
   * @param result how
   * @param elapsedNanos since it was sent
   */
  public void onAttempt(
      Upstream upstream, MethodClass methodClass, AttemptResult result, long elapsedNanos) {
    cell(upstream).onAttempt(methodClass, result, elapsedNanos);
    if (result.isFailure() || result == AttemptResult.ACCOUNT_REFUSED) {
      ring();
    }
  }

  /**
   * An attempt is still in flight and older than {@code table.overdueAfterNanos}; to be told at
   * most once for each attempt.
   *
   * @param upstream where
   * @param methodClass of which class
   * @param ageNanos since it was sent
   */
  public void onOverdue(Upstream upstream, MethodClass methodClass, long ageNanos) {
    cell(upstream).onOverdue(methodClass, ageNanos);
    ring();
  }

  /**
   * An attempt ended that had been reported as overdue. Its silence counts already: a failure is
   * not counted again, a success takes the silence back.
   *
   * @param upstream where
   * @param methodClass of which class
   * @param result how
   * @param elapsedNanos since it was sent
   */
  public void onOverdueEnd(
      Upstream upstream, MethodClass methodClass, AttemptResult result, long elapsedNanos) {
    cell(upstream).onOverdueEnd(methodClass, result, elapsedNanos);
  }

  /**
   * An upstream asked to be left alone: a 429 or one of its disguises.
   *
   * @param upstream which
   * @param retryAfterNanos for how long, or -1 if it did not say
   */
  public void onHoldOff(Upstream upstream, long retryAfterNanos) {
    cell(upstream).onHoldOff(retryAfterNanos);
    ring();
  }

  /** Makes ready for {@link #drain}: evidence that arrives from now on rings again. */
  public void beginDrain() {
    rung.set(false);
  }

  /**
   * Adds what happened at an upstream since the last drain.
   *
   * @param upstream which
   * @param tally is added to
   * @return whether anything happened
   */
  public boolean drain(Upstream upstream, Tally tally) {
    EvidenceCell cell = find(upstream);
    return cell != null && cell.drain(tally);
  }

  /**
   * Adds the latencies recorded at an upstream since the last call.
   *
   * @param upstream which
   * @param methodClass of which class
   * @param sink takes them
   */
  public void drainLatency(Upstream upstream, MethodClass methodClass, LatencySink sink) {
    EvidenceCell cell = find(upstream);
    if (cell != null) {
      cell.drainLatency(methodClass, sink);
    }
  }

  /**
   * Says from which latency on a result is a slow one. Takes effect with an upstream's first
   * attempt at the earliest; until then nothing is slow.
   *
   * @param upstream where
   * @param methodClass of which class
   * @param nanos more than this since it was sent
   */
  public void setSlowAbove(Upstream upstream, MethodClass methodClass, long nanos) {
    EvidenceCell cell = find(upstream);
    if (cell != null) {
      cell.setSlowAbove(methodClass.index(), nanos / 1000);
    }
  }

  /**
   * Drops what is kept for an upstream that left the configuration.
   *
   * @param upstream which
   */
  public void forget(Upstream upstream) {
    if (find(upstream) != null) {
      put(upstream.slot(), null);
    }
  }

  private void ring() {
    if (!rung.get() && rung.compareAndSet(false, true)) {
      doorbell.run();
    }
  }

  private @Nullable EvidenceCell find(Upstream upstream) {
    @Nullable EvidenceCell[] array = current().bySlot;
    return upstream.slot() < array.length ? array[upstream.slot()] : null;
  }

  private EvidenceCell cell(Upstream upstream) {
    EvidenceCell found = find(upstream);
    if (found == null) {
      found = new EvidenceCell();
      put(upstream.slot(), found);
    }
    return found;
  }

  private Cells current() {
    return Objects.requireNonNull(cells.get());
  }

  private void put(int slot, @Nullable EvidenceCell cell) {
    Cells before = current();
    while (!cells.compareAndSet(before, before.with(slot, cell))) {
      before = current();
    }
  }

  /** Copied on write, since the event loop adds and the control loop forgets, both rarely. */
  private static final class Cells {
    final @Nullable EvidenceCell[] bySlot;

    Cells(@Nullable EvidenceCell[] bySlot) {
      this.bySlot = bySlot;
    }

    Cells with(int slot, @Nullable EvidenceCell cell) {
      @Nullable EvidenceCell[] copy = Arrays.copyOf(bySlot, Math.max(bySlot.length, slot + 1));
      copy[slot] = cell;
      return new Cells(copy);
    }
  }
}
