package io.fairlead.gateway.app;

import io.fairlead.gateway.admission.MemoryUse;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.config.ListenConfig;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.net.LoopResolver;
import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.upstream.ConnectionPolicy;
import io.fairlead.gateway.upstream.PoolSpec;
import io.fairlead.gateway.upstream.RttListener;
import io.fairlead.gateway.upstream.UpstreamNetwork;
import io.fairlead.gateway.upstream.UpstreamPools;
import io.fairlead.gateway.upstream.UpstreamTls;
import io.fairlead.gateway.upstream.socket.SocketMeans;
import io.fairlead.routing.table.Picker;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * The event loops and what hangs on each of them: connections to upstreams and the context of
 * calls.
 *
 * <p>Thread-safety: safe; what it hands out belongs to its loop.
 */
final class DataPlane implements AutoCloseable {
  private final EventLoops loops;
  private final List<UpstreamPools> pools = new ArrayList<>();
  private final List<LoopContext> contexts = new ArrayList<>();

  DataPlane(
      ListenConfig.Loops config,
      AnswerClassifier answers,
      UpstreamDirectory directory,
      RttListener rtt,
      SplittableRandom random) {
    Transport transport = Transport.choose(config.transport().name().toLowerCase(Locale.ROOT));
    int count = config.count().orElse(Runtime.getRuntime().availableProcessors());
    loops = new EventLoops(transport, count, "fairlead-io");
    UpstreamNetwork network =
        new UpstreamNetwork(ConnectionPolicy.DEFAULT, new UpstreamTls(), LoopResolver::new, rtt);
    for (IoLoop loop : loops.all()) {
      UpstreamPools own = new UpstreamPools(loop, network, random.split());
      pools.add(own);
      SocketMeans sockets = SocketMeans.of(loop, random.split(), new SecureRandom());
      LoopLinks links = new LoopLinks(own, directory, sockets);
      contexts.add(new LoopContext(loop, new Picker(random.split()), links, answers));
    }
  }

  EventLoops loops() {
    return loops;
  }

  List<LoopContext> contexts() {
    return contexts;
  }

  /** Gives every loop its connections to the upstreams and waits until all have them. */
  void apply(List<PoolSpec> specs) {
    CompletableFuture.allOf(
            pools.stream()
                .map(own -> own.apply(specs).toCompletableFuture())
                .toArray(CompletableFuture[]::new))
        .join();
  }

  /** Memory outside the heap that buffers have taken, in bytes. */
  double directBytes() {
    return loops.allocator() instanceof ByteBufAllocatorMetricProvider provider
        ? provider.metric().usedDirectMemory()
        : Double.NaN;
  }

  /** Of these, in bytes, what live buffers hold; the rest is in reserve. */
  double heldBytes() {
    return MemoryUse.of(loops.allocator(), OptionalLong.empty()).heldBytes().getAsLong();
  }

  /** The loop on which an upstream is probed. */
  PoolProbePort.Home home(int slot) {
    int index = slot % loops.size();
    return new PoolProbePort.Home(loops.loop(index), pools.get(index), slot);
  }

  /** The loop on which a chain's story is told. */
  ChainStory.Home storyHome(String chain) {
    int index = Math.floorMod(chain.hashCode(), loops.size());
    return new ChainStory.Home(loops.loop(index), contexts.get(index), pools.get(index), contexts);
  }

  @Override
  public void close() {
    pools.forEach(UpstreamPools::close);
    loops.close();
  }
}
