package io.fairlead.gateway.app;

import io.fairlead.gateway.cache.AnswerStore;
import io.fairlead.gateway.cache.CacheHandler;
import io.fairlead.gateway.cache.ChainCache;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.metrics.GatewayMetrics;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer caches of all chains. They outlive a reload, unless it changes their size or what
 * stands behind the chain.
 *
 * <p>Thread-safety: changed on the control thread only.
 */
final class Caches {
  private static final Logger LOG = LoggerFactory.getLogger(Caches.class);
  private static final int HEAP_SHARE = 2;

  /** What the gateway itself needs of the heap, in bytes, before there is room for answers. */
  private static final long OWN_HEAP_BYTES = 32L << 20;

  /** So much is kept however small the heap. */
  private static final long LEAST_BYTES = 1L << 20;

  private final GatewayMetrics metrics;
  private final int loops;
  private final Map<ChainControl, Kept> byChain = new HashMap<>();
  private volatile @Nullable AnswerStore store;
  private long maxBytes;

  /** A chain's cache and the configuration under which it was filled. */
  private record Kept(ChainConfig config, ChainCache cache) {}

  Caches(GatewayMetrics metrics, int loops) {
    this.metrics = metrics;
    this.loops = loops;
    metrics.exportStore(() -> store);
  }

  /** Takes over how much may be kept. */
  void configure(Optional<FairleadConfig.Cache> config) {
    long wanted = config.map(FairleadConfig.Cache::maxSizeBytes).orElse(0L);
    if (wanted != maxBytes) {
      maxBytes = wanted;
      byChain.values().forEach(kept -> kept.cache().clear());
      byChain.clear();
      store = wanted == 0 ? null : new AnswerStore(affordable(wanted));
    }
  }

  private static long affordable(long wanted) {
    long most = mostBytes(Runtime.getRuntime().maxMemory());
    if (wanted > most) {
      LOG.info(
          "cache.maxSize: {} (expected: at most half of the heap beyond {} bytes; {} is used)",
          wanted,
          OWN_HEAP_BYTES,
          most);
    }
    return Math.min(wanted, most);
  }

  /** How much may be kept in a heap of so many bytes. */
  static long mostBytes(long heapBytes) {
    return Math.max((heapBytes - OWN_HEAP_BYTES) / HEAP_SHARE, LEAST_BYTES);
  }

  /** Puts the chain's cache, if there is one, before what answers its calls. */
  CallHandler before(CallHandler behind, ChainConfig chain, ChainControl control) {
    AnswerStore present = store;
    if (present == null) {
      control.setCache(null);
      return behind;
    }
    Kept kept = byChain.get(control);
    if (kept != null && !kept.config().equals(chain)) {
      kept.cache().clear();
    }
    ChainCache cache =
        kept == null
            ? new ChainCache(present, control::view, metrics.chain(chain.name()))
            : kept.cache();
    byChain.put(control, new Kept(chain, cache));
    control.setCache(cache);
    return new CacheHandler(cache, new ClientMemory(), behind, loops);
  }

  /** Forgets chains that are gone. */
  void retain(Collection<ChainControl> present) {
    byChain
        .entrySet()
        .removeIf(
            entry -> {
              boolean isGone = !present.contains(entry.getKey());
              if (isGone) {
                entry.getValue().cache().clear();
              }
              return isGone;
            });
  }
}
