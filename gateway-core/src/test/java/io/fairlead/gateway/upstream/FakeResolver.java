package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.HostResolver;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Resolves what the test says, and counts the questions. */
final class FakeResolver implements HostResolver {
  private final Map<String, List<InetAddress>> hosts = new ConcurrentHashMap<>();
  private final AtomicInteger questions = new AtomicInteger();

  void set(String host, String... addresses) throws UnknownHostException {
    List<InetAddress> all = new ArrayList<>();
    for (String address : addresses) {
      all.add(InetAddress.getByName(address));
    }
    hosts.put(host, all);
  }

  int questions() {
    return questions.get();
  }

  @Override
  public Future<List<InetAddress>> resolveAll(String host) {
    questions.incrementAndGet();
    List<InetAddress> known = hosts.get(host);
    return known == null
        ? ImmediateEventExecutor.INSTANCE.newFailedFuture(new UnknownHostException(host))
        : ImmediateEventExecutor.INSTANCE.newSucceededFuture(known);
  }

  @Override
  public void close() {}
}
