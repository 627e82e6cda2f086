package io.fairlead.gateway.admission;

import io.fairlead.gateway.net.LoopTurns;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.time.NanoClock;
import io.fairlead.routing.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one event loop takes in, and what it does not while it is short of memory or of time.
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
  private final CallAdmission calls;
  private final AdmissionObserver observer;
  private final Warnings memoryWarnings = new Warnings();
  private final Warnings callWarnings = new Warnings();
  private final List<Guarded> guarded = new ArrayList<>();

  private boolean ticking;
  private boolean releasing;
  private long readBytes;
  private boolean wasShedding;
  private int unread;

  /**
   * Where a loop's work is done.
   *
   * @param index of the loop, from 0
   * @param count of all loops
   * @param times what it has of time
   * @param executor runs a task on the loop, after what runs now
   */
  public record Home(int index, int count, Times times, Executor executor) {}

  /**
   * A loop's time.
   *
   * @param scheduler time as it passes
   * @param processor how much of its processor the loop has used; asked on the loop
   * @param turns where it is noted how long its turns last
   */
  public record Times(Scheduler scheduler, NanoClock processor, LoopTurns turns) {}

  /** The admission of a loop to which nobody is connected. */
  public LoopAdmission(
      Home home, MemoryUse memory, AdmissionPolicy policy, AdmissionObserver observer) {
    this.loop = home.index();
    this.scheduler = home.times().scheduler();
    this.executor = home.executor();
    this.governor = new MemoryGovernor(memory, home.count());
    this.calls = new CallAdmission(policy, home);
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

  /**
   * Whether a call is taken in now; if not, it is to be refused, and {@link #onRefused} to be told.
   *
   * <p>To be asked of each call as it comes.
   */
  public boolean admits(MethodClass methodClass) {
    return calls.admits(methodClass) && governor.stage() != MemoryStage.REFUSING;
  }

  /** A call was refused; the client may not be read from now on until it is its turn again. */
  public void onRefused(Refusable client) {
    calls.onRefused(client);
  }

  /** After how many seconds a client that is refused now may ask again; 1 or more. */
  public long retryAfterSeconds() {
    return calls.retryAfterSeconds();
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
    boolean isWatchful = governor.isWatchful() || calls.isShedding() || calls.unread() > 0;
    long millis = isWatchful ? WATCHFUL_MILLIS : CALM_MILLIS;
    scheduler.schedule(this::tick, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void tick() {
    look();
    release();
    lookAtCalls();
    ticking =
        governor.stage() != MemoryStage.NORMAL || !guarded.stream().allMatch(Guarded::isEmpty);
    if (ticking) {
      scheduleTick();
    }
  }

  private void lookAtCalls() {
    calls.onTick();
    if (calls.isShedding() != wasShedding) {
      wasShedding = calls.isShedding();
      tellShedding(scheduler.nanoTime());
    }
    if (calls.unread() != unread) {
      unread = calls.unread();
      observer.onUnread(loop, unread);
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

  private void tell(MemoryStage before, MemoryStage stage, long nowNanos) {
    if (before == MemoryStage.NORMAL && memoryWarnings.tryWarn(nowNanos)) {
      LOG.warn("loop {}: buffers hold {}; clients are not read for now", loop, governor.shown());
    } else if (stage == MemoryStage.NORMAL && memoryWarnings.tryEnd()) {
      LOG.info("loop {}: buffers hold {} again", loop, governor.shown());
    }
  }

  private void tellShedding(long nowNanos) {
    observer.onShedding(loop, wasShedding);
    if (wasShedding && callWarnings.tryWarn(nowNanos)) {
      LOG.warn("loop {}: more calls than it can carry; some are refused", loop);
    } else if (!wasShedding && callWarnings.tryEnd()) {
      LOG.info("loop {}: no call had to be refused for five seconds", loop);
    }
  }

  /** At most one warning a minute, and an end for each. */
  private static final class Warnings {
    private boolean isFirst = true;
    private boolean isOpen;
    private long saidNanos;

    boolean tryWarn(long nowNanos) {
      if (!isFirst && nowNanos - saidNanos < QUIET_NANOS) {
        return false;
      }
      isFirst = false;
      isOpen = true;
      saidNanos = nowNanos;
      return true;
    }

    boolean tryEnd() {
      boolean wasOpen = isOpen;
      isOpen = false;
      return wasOpen;
    }
  }
}
