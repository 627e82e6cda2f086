package io.fairlead.gateway.admission;

import io.fairlead.routing.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one event loop takes in, and what it does not while it is short of memory.
 *
 * <p>It looks about while there are connections: every {@value #CALM_MILLIS} ms, or every {@value
 * #WATCHFUL_MILLIS} ms once half of the memory is held, and whenever much has been read.
 *
 * <p>Thread-safety: confined to the event loop.
 */
public final class LoopAdmission {
  private static final Logger LOG = LoggerFactory.getLogger(LoopAdmission.class);
  private static final long CALM_MILLIS = 100;
  private static final long WATCHFUL_MILLIS = 10;
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final int loop;
  private final Scheduler scheduler;
  private final Executor executor;
  private final MemoryGovernor governor;
  private final AdmissionObserver observer;
  private final List<Guarded> guarded = new ArrayList<>();

  private boolean ticking;
  private boolean releasing;
  private long readBytes;
  private boolean warned;

  /** Whether the shortage that lasts was warned of. */
  private boolean shown;

  private long warnedNanos;

  /**
   * Where a loop's work is done.
   *
   * @param index of the loop, from 0
   * @param count of all loops
   * @param scheduler the loop's time
   * @param executor runs a task on the loop, after what runs now
   */
  public record Home(int index, int count, Scheduler scheduler, Executor executor) {}

  /** The admission of a loop to which nobody is connected. */
  public LoopAdmission(Home home, MemoryUse memory, AdmissionObserver observer) {
    this.loop = home.index();
    this.scheduler = home.scheduler();
    this.executor = home.executor();
    this.governor = new MemoryGovernor(memory, home.count());
    this.observer = observer;
  }

  /** Looks after connections from now on. */
  public void guard(Guarded connections) {
    guarded.add(connections);
  }

  /** There is a connection; to be said of the first, and allowed of any. */
  public void onConnection() {
    if (!ticking) {
      ticking = true;
      scheduleTick();
    }
  }

  /** What is done about memory. */
  public MemoryStage memory() {
    return governor.stage();
  }

  /** So many bytes of a request have been read. */
  public void onRead(int bytes) {
    readBytes += bytes;
    if (readBytes > governor.lookBytes()) {
      look();
      if (governor.stage() != MemoryStage.NORMAL && !releasing) {
        releasing = true;
        executor.execute(this::release);
      }
    }
  }

  private void scheduleTick() {
    long millis = governor.isWatchful() ? WATCHFUL_MILLIS : CALM_MILLIS;
    scheduler.schedule(this::tick, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void tick() {
    look();
    release();
    ticking =
        governor.stage() != MemoryStage.NORMAL || !guarded.stream().allMatch(Guarded::isEmpty);
    if (ticking) {
      scheduleTick();
    }
  }

  private void look() {
    readBytes = 0;
    long now = scheduler.nanoTime();
    MemoryStage before = governor.stage();
    MemoryStage stage = governor.look(now);
    if (stage != before) {
      observer.onMemory(loop, stage);
      tell(before, stage, now);
    }
    if (stage != MemoryStage.NORMAL || before != MemoryStage.NORMAL) {
      guarded.forEach(connections -> connections.onMemory(stage));
    }
  }

  /** Not in the midst of a request, which may be one of those that are given up. */
  private void release() {
    releasing = false;
    long left = governor.excessBytes(scheduler.nanoTime());
    for (Guarded connections : guarded) {
      left -= left > 0 ? connections.release(left) : 0;
    }
  }

  /** At most one warning a minute. */
  private void tell(MemoryStage before, MemoryStage stage, long nowNanos) {
    if (before == MemoryStage.NORMAL && (!warned || nowNanos - warnedNanos >= QUIET_NANOS)) {
      warned = true;
      shown = true;
      warnedNanos = nowNanos;
      LOG.warn("loop {}: buffers hold {}; clients are not read for now", loop, governor.shown());
    } else if (stage == MemoryStage.NORMAL && shown) {
      shown = false;
      LOG.info("loop {}: buffers hold {} again", loop, governor.shown());
    }
  }
}
