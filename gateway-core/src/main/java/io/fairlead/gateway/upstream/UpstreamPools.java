package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.HostResolver;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pools of one event loop, indexed by upstream slot.
 *
 * <p>Thread-safety: loop-confined, except {@link #apply} and {@link #close}, which any thread may
 * call.
 */
public final class UpstreamPools implements AutoCloseable {
  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final IoLoop loop;
  private final UpstreamNetwork network;
  private final RandomGenerator random;
  private final HostResolver resolver;
  private @Nullable UpstreamPool[] pools = new UpstreamPool[0];
  private @Nullable Cancellable sweep;

  /**
   * No pools yet.
   *
   * @param loop where they live
   * @param network what all loops share
   * @param random spreads the end of idle connections; this loop's own
   */
  public UpstreamPools(IoLoop loop, UpstreamNetwork network, RandomGenerator random) {
    this.loop = loop;
    this.network = network;
    this.random = random;
    this.resolver = network.resolvers().apply(loop);
  }

  /**
   * The pool of an upstream.
   *
   * @param slot the upstream's slot
   * @return its pool, or null if the upstream was dropped
   */
  public @Nullable UpstreamPool pool(int slot) {
    return slot < pools.length ? pools[slot] : null;
  }

  /**
   * Opens connections of another sort than the pools' with the same resolver, trust and limits.
   *
   * @param address where to
   * @return a dialer of this loop, of use until the pools are closed
   */
  public UpstreamDialer dialer(UpstreamAddress address) {
    return new UpstreamDialer(new Connector(loop, address, network, resolver));
  }

  /** Loads what TLS needs, which takes a while; not for event loops. */
  public void prepareTls() {
    network.tls().load();
  }

  /**
   * Makes the pools those of the given upstreams. A pool whose specification is unchanged stays
   * with its connections; one that is dropped or changed closes idle connections now and active
   * ones when their exchange ends.
   *
   * @param specs all upstreams of all chains, each with a slot of its own
   * @return done when the loop has taken it over
   */
  public CompletionStage<Void> apply(List<PoolSpec> specs) {
    List<PoolSpec> wanted = List.copyOf(specs);
    if (wanted.stream().anyMatch(spec -> spec.address().isTls())) {
      prepareTls();
    }
    return CompletableFuture.runAsync(() -> applyInLoop(wanted), loop.eventLoop());
  }

  private void applyInLoop(List<PoolSpec> specs) {
    int slots = specs.stream().mapToInt(PoolSpec::slot).max().orElse(-1) + 1;
    @Nullable UpstreamPool[] next = new UpstreamPool[slots];
    for (PoolSpec spec : specs) {
      UpstreamPool current = pool(spec.slot());
      boolean same = current != null && current.spec().equals(spec);
      next[spec.slot()] = same ? current : newPool(spec);
    }
    @Nullable UpstreamPool[] previous = pools;
    pools = next;
    for (UpstreamPool pool : previous) {
      if (pool != null && pool(pool.slot()) != pool) {
        pool.close();
      }
    }
    if (sweep == null) {
      scheduleSweep();
    }
  }

  private UpstreamPool newPool(PoolSpec spec) {
    return new UpstreamPool(spec, new Connector(loop, spec.address(), network, resolver), random);
  }

  private void scheduleSweep() {
    sweep = loop.schedule(this::sweep, SWEEP_NANOS);
  }

  private void sweep() {
    for (UpstreamPool pool : pools) {
      if (pool != null) {
        pool.expireIdle();
      }
    }
    scheduleSweep();
  }

  /**
   * Connections to all upstreams.
   *
   * @return how many there are, idle ones included
   */
  public int connections() {
    return Arrays.stream(pools)
        .filter(p -> p != null)
        .mapToInt(p -> p == null ? 0 : p.connections())
        .sum();
  }

  /** Drops all pools; exchanges under way may end. */
  @Override
  public void close() {
    loop.eventLoop().execute(this::closeInLoop);
  }

  private void closeInLoop() {
    applyInLoop(new ArrayList<>());
    if (sweep != null) {
      sweep.cancel();
      sweep = null;
    }
    resolver.close();
  }
}
