package io.fairlead.gateway.app;

import io.fairlead.gateway.capability.LearntHoldings;
import io.fairlead.gateway.control.ControlLoop;
import io.fairlead.gateway.jsonrpc.method.DataKind;
import io.fairlead.probes.DataSort;
import io.fairlead.probes.HoldingsListener;
import io.fairlead.probes.HoldingsProber;
import io.fairlead.probes.ProbeEnvironment;
import io.fairlead.probes.ProbePolicy;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the upstreams of one chain hold: joins what event loops learn from errors with what is asked
 * of upstreams.
 *
 * <p>Thread-safety: confined to the control thread, apart from {@link #learnt} and what that calls.
 */
final class HoldingsControl implements HoldingsListener, LearntHoldings.GapListener {
  private static final Logger LOG = LoggerFactory.getLogger(HoldingsControl.class);
  private static final long BELIEVED_NANOS = TimeUnit.HOURS.toNanos(2);
  private static final Map<DataKind, DataSort> SORTS = sorts();

  private final String chain;
  private final ControlLoop control;
  private final LearntHoldings learnt;
  private @Nullable HoldingsProber prober;

  HoldingsControl(String chain, ControlLoop control, SplittableRandom random) {
    this.chain = chain;
    this.control = control;
    this.learnt = new LearntHoldings(random, this);
  }

  private static Map<DataKind, DataSort> sorts() {
    Map<DataKind, DataSort> sorts = new EnumMap<>(DataKind.class);
    for (DataSort sort : DataSort.values()) {
      sorts.put(DataKind.valueOf(sort.name()), sort);
    }
    return sorts;
  }

  /** What event loops read and teach. */
  LearntHoldings learnt() {
    return learnt;
  }

  /** Forgets what has moved or gone. */
  void configure(Collection<String> moved, Collection<String> ids) {
    learnt.forget(moved);
    learnt.retain(ids);
    HoldingsProber current = prober;
    if (current != null) {
      moved.forEach(current::forget);
      current.setUpstreams(ids);
    }
  }

  /** Begins to ask upstreams. */
  void start(ProbePolicy policy, ProbeEnvironment world, Collection<String> ids) {
    stop();
    HoldingsProber started = new HoldingsProber(policy, world, this);
    started.setUpstreams(ids);
    prober = started;
  }

  void stop() {
    if (prober != null) {
      prober.stop();
      prober = null;
    }
  }

  /** On the event loop that found the gap. */
  @Override
  public void onGap(String id, DataKind kind, long block, long headBlocks) {
    DataSort sort = SORTS.get(kind);
    if (sort != null) {
      control.execute(
          () -> {
            if (prober != null) {
              prober.onGap(id, sort, block, headBlocks);
            }
          });
    }
  }

  @Override
  public void onOldest(String id, DataSort sort, long oldestBlocks) {
    DataKind kind = DataKind.valueOf(sort.name());
    if (oldestBlocks > 0 && !learnt.oldest(id, control.nanoTime()).containsKey(kind)) {
      String from = oldestBlocks == NONE ? "none" : "from block " + oldestBlocks;
      LOG.info("chain {}: {} that upstream {} holds: {}", chain, kind.word(), id, from);
    }
    learnt.onOldest(id, kind, oldestBlocks, BELIEVED_NANOS, control.nanoTime());
  }
}
