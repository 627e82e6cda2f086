package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.HostResolver;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.net.LoopResolver;
import io.fairlead.gateway.net.MonotonicClock;
import io.fairlead.gateway.net.TestLoops;
import io.fairlead.gateway.net.Transport;
import io.fairlead.routing.time.NanoClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** One event loop with the pool of one upstream at slot 0. */
final class PoolFixture implements AutoCloseable {
  static final ConnectionPolicy POLICY =
      new ConnectionPolicy(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(55));

  final EventLoops loops;
  final IoLoop loop;
  final UpstreamPools pools;
  final ConcurrentLinkedQueue<Long> rtts = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<Long> kernelRtts = new ConcurrentLinkedQueue<>();

  /** What a fixture may be given; the rest has defaults. */
  record Options(
      ConnectionPolicy policy,
      UpstreamTls tls,
      Function<IoLoop, HostResolver> resolvers,
      NanoClock clock,
      int maxConnections,
      Http2Use http2) {
    static final Options DEFAULT =
        new Options(
            POLICY,
            new UpstreamTls(),
            LoopResolver::new,
            new MonotonicClock(),
            Integer.MAX_VALUE,
            Http2Use.AUTO);

    Options withPolicy(ConnectionPolicy p) {
      return new Options(p, tls, resolvers, clock, maxConnections, http2);
    }

    Options withTls(UpstreamTls t) {
      return new Options(policy, t, resolvers, clock, maxConnections, http2);
    }

    Options withResolver(HostResolver r) {
      return new Options(policy, tls, loop -> r, clock, maxConnections, http2);
    }

    Options withClock(NanoClock c) {
      return new Options(policy, tls, resolvers, c, maxConnections, http2);
    }

    Options withMaxConnections(int max) {
      return new Options(policy, tls, resolvers, clock, max, http2);
    }

    Options withHttp2(Http2Use use) {
      return new Options(policy, tls, resolvers, clock, maxConnections, use);
    }
  }

  PoolFixture(Transport transport, String url) {
    this(transport, url, Options.DEFAULT);
  }

  PoolFixture(Transport transport, String url, Options options) {
    loops = new EventLoops(transport, 1, "test-io");
    loop = TestLoops.withClock(loops.loop(0), options.clock());
    UpstreamNetwork network =
        new UpstreamNetwork(
            options.policy(),
            options.tls(),
            options.resolvers(),
            (slot, source, rttNanos) ->
                (source == RttListener.Source.CONNECT ? rtts : kernelRtts).add(rttNanos));
    pools = new UpstreamPools(loop, network, RandomGenerator.of("L64X128MixRandom"));
    apply(List.of(new PoolSpec(0, address(url), options.maxConnections(), false, options.http2())));
  }

  static UpstreamAddress address(String url) {
    return UpstreamAddress.parse(url, Map.of());
  }

  void apply(List<PoolSpec> specs) {
    pools.apply(specs).toCompletableFuture().join();
  }

  UpstreamPool pool() {
    UpstreamPool pool = call(() -> pools.pool(0));
    if (pool == null) {
      throw new AssertionError("no pool at slot 0");
    }
    return pool;
  }

  int idle() {
    UpstreamPool pool = pool();
    return call(pool::idle);
  }

  int connections() {
    UpstreamPool pool = pool();
    return call(pool::connections);
  }

  ByteBuf body(String text) {
    return loops
        .allocator()
        .directBuffer(text.length())
        .writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Answer post(String text) {
    Answer answer = new Answer();
    post(text, answer);
    return answer;
  }

  UpstreamExchange post(String text, Answer answer) {
    UpstreamPool pool = pool();
    return call(
        () -> {
          answer.mayBeCalled(false);
          UpstreamExchange exchange = pool.post(body(text), false, answer);
          answer.mayBeCalled(true);
          return exchange;
        });
  }

  /** Posts; to be called on the loop. */
  UpstreamExchange post0(String text, Answer answer) {
    UpstreamPool pool = pools.pool(0);
    if (pool == null) {
      throw new AssertionError("no pool at slot 0");
    }
    return pool.post(body(text), false, answer);
  }

  /** Runs on the loop and waits. */
  <T> T call(Callable<T> task) {
    try {
      return loop.eventLoop().submit(task).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  void run(Runnable task) {
    call(
        () -> {
          task.run();
          return true;
        });
  }

  long usedDirectBytes() {
    return ((PooledByteBufAllocator) loops.allocator()).metric().usedDirectMemory();
  }

  @Override
  public void close() {
    pools.close();
    loops.close();
  }
}
