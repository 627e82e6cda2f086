package io.fairlead.gateway.stream;

import io.fairlead.gateway.upstream.socket.BackOff;
import io.fairlead.routing.time.Scheduler;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pending transactions of an upstream that is asked for what a filter of its own has seen since
 * the last time, twice a second. A filter that the upstream has forgotten is made anew; what was
 * announced meanwhile is not told.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class PolledPending implements PendingSource {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long FIRST_BACK_OFF_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_BACK_OFF_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final UpstreamRpc rpc;
  private final Scheduler scheduler;
  private final Listener listener;
  private final BackOff backOff;
  private @Nullable Cancellable timer;
  private @Nullable String filter;
  private boolean isOpen;

  PolledPending(UpstreamRpc rpc, Scheduler scheduler, RandomGenerator random, Listener listener) {
    this.rpc = rpc;
    this.scheduler = scheduler;
    this.listener = listener;
    this.backOff = new BackOff(FIRST_BACK_OFF_NANOS, LONGEST_BACK_OFF_NANOS, random);
  }

  @Override
  public void open() {
    isOpen = true;
    makeFilter();
  }

  @Override
  public void close() {
    isOpen = false;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (filter != null) {
      rpc.ask(question("eth_uninstallFilter", "[" + filter + "]"), Indifferent.REPLY);
      filter = null;
    }
  }

  private static RpcQuestion question(String method, String params) {
    return new RpcQuestion(method, params, TIMEOUT_NANOS);
  }

  private void makeFilter() {
    rpc.ask(
        question("eth_newPendingTransactionFilter", "[]"),
        new RpcReply() {
          @Override
          public void onResult(String json) {
            if (isOpen) {
              filter = json;
              listener.onState(true);
              schedule(PolledPending.this::poll, PERIOD_NANOS);
            }
          }

          @Override
          public void onFailure(RpcFailure failure) {
            if (isOpen && failure.kind() == RpcFailure.Kind.UNKNOWN_METHOD) {
              listener.onRefused();
            } else if (isOpen) {
              schedule(PolledPending.this::makeFilter, backOff.nextNanos());
            }
          }
        });
  }

  private void poll() {
    rpc.ask(
        question("eth_getFilterChanges", "[" + filter + "]"),
        new RpcReply() {
          @Override
          public void onResult(String json) {
            if (isOpen) {
              backOff.reset();
              schedule(PolledPending.this::poll, PERIOD_NANOS);
              JsonArray.elements(json).forEach(listener::onPending);
            }
          }

          @Override
          public void onFailure(RpcFailure failure) {
            if (isOpen) {
              filter = null;
              listener.onState(false);
              schedule(PolledPending.this::makeFilter, backOff.nextNanos());
            }
          }
        });
  }

  private void schedule(Runnable task, long delayNanos) {
    timer = scheduler.schedule(task, delayNanos);
  }
}
