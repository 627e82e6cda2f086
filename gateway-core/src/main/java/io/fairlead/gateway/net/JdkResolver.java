package io.fairlead.gateway.net;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's blocking name resolution, kept off the event loops on a thread that ends when idle.
 *
 * <p>Thread-safety: safe.
 */
final class JdkResolver implements AutoCloseable {
  private static final int MAX_WAITING = 1024;
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor executor;

  JdkResolver() {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            task -> {
              FastThreadLocalThread thread = new FastThreadLocalThread(task, "fairlead-resolver");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    executor.allowCoreThreadTimeOut(true);
  }

  void resolve(String host, Promise<List<InetAddress>> promise) {
    if (executor.getQueue().remainingCapacity() == 0 || executor.isShutdown()) {
      promise.tryFailure(new UnknownHostException(host + ": too many names wait for resolution"));
      return;
    }
    executor.execute(
        () -> {
          try {
            promise.trySuccess(List.of(InetAddress.getAllByName(host)));
          } catch (UnknownHostException e) {
            promise.tryFailure(e);
          }
        });
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
