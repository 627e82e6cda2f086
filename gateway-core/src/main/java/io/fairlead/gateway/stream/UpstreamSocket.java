package io.fairlead.gateway.stream;

import io.fairlead.gateway.stream.RpcFailure.Kind;
import io.fairlead.gateway.upstream.socket.BackOff;
import io.fairlead.gateway.upstream.socket.Vigil;
import io.fairlead.gateway.upstream.socket.WireFailure;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.time.Scheduler;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * JSON-RPC over one WebSocket connection to an upstream: any number of questions and subscriptions
 * at once, kept up across connections.
 *
 * <p>A connection that ends is made anew after a delay that begins at a quarter of a second and
 * doubles up to half a minute, jittered; it begins anew once a connection has stood for half a
 * minute. What an upstream asks for by Retry-After is waited, up to five minutes. Each new try also
 * takes a token of a budget that the chain's upstreams share; without one it waits once more.
 *
 * <p>Subscriptions hold from one connection to the next; what happened between is not told.
 * Questions do not: they fail with the connection.
 *
 * <p>Thread-safety: confined to the home loop.
 */
public final class UpstreamSocket implements UpstreamRpc {
  private static final long FIRST_BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONGEST_BACK_OFF_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LONGEST_RETRY_AFTER_SECONDS = 300;
  private static final long SUBSCRIBE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Upstream upstream;
  private final Wires wires;
  private final World world;
  private final BackOff backOff;
  private final OpenCalls calls;
  private final Set<SocketSubscription> subscriptions = new LinkedHashSet<>();
  private final EarlyNotes early = new EarlyNotes();
  private int unansweredSubscribes;
  private @Nullable Session session;
  private @Nullable Cancellable retry;
  private boolean isWanted;

  /**
   * What sockets share.
   *
   * @param scheduler time
   * @param random spreads what would happen together
   * @param reconnects what may be spent on new tries
   * @param observer counts
   */
  public record World(
      Scheduler scheduler, RandomGenerator random, Budget reconnects, StreamObserver observer) {}

  /**
   * A socket without a connection.
   *
   * @param upstream whose
   * @param wires makes its connections
   * @param world what it shares with others
   */
  public UpstreamSocket(Upstream upstream, Wires wires, World world) {
    this.upstream = upstream;
    this.wires = wires;
    this.world = world;
    this.backOff = new BackOff(FIRST_BACK_OFF_NANOS, LONGEST_BACK_OFF_NANOS, world.random());
    this.calls = new OpenCalls(world.scheduler());
  }

  /** Begins to connect, and goes on until it is closed. */
  public void open() {
    if (!isWanted) {
      isWanted = true;
      backOff.reset();
      connect();
    }
  }

  /** Ends the connection and all subscriptions, whose listeners hear nothing more. */
  public void close() {
    isWanted = false;
    if (retry != null) {
      retry.cancel();
      retry = null;
    }
    List.copyOf(subscriptions).forEach(SocketSubscription::unsubscribe);
    Session ended = session;
    if (ended != null) {
      ended.drop();
      ended.wire().close();
      onGone(ended.isOpen, upstream + ": closed");
    }
  }

  /** Whether there is an open connection. */
  public boolean isOpen() {
    return session != null && session.isOpen;
  }

  @Override
  public void ask(RpcQuestion question, RpcReply reply) {
    Session current = session;
    if (current == null || !current.isOpen) {
      reply.onFailure(new RpcFailure(Kind.DISCONNECTED, upstream + ": no WebSocket connection"));
    } else if (calls.isFull()) {
      reply.onFailure(
          new RpcFailure(Kind.DISCONNECTED, upstream + ": " + OpenCalls.MOST + " calls wait"));
    } else {
      long id = calls.add(upstream.toString(), question, reply);
      current.wire().send(question.toJson(id));
    }
  }

  /**
   * Subscribes, now or as soon as there is a connection.
   *
   * @param params of {@code eth_subscribe}, a JSON array
   * @param listener hears what comes
   * @return ends it
   */
  public SocketSubscription subscribe(String params, SubscriptionListener listener) {
    SocketSubscription subscription = new SocketSubscription(this, params, listener);
    subscriptions.add(subscription);
    world.observer().onSubscriptions(upstream, 1);
    if (isOpen()) {
      sendSubscribe(subscription);
    }
    return subscription;
  }

  void onUnsubscribed(SocketSubscription subscription) {
    if (subscriptions.remove(subscription)) {
      world.observer().onSubscriptions(upstream, -1);
    }
    String id = subscription.id();
    if (id != null && isOpen()) {
      sendUnsubscribe(id);
    }
  }

  private void sendSubscribe(SocketSubscription subscription) {
    unansweredSubscribes++;
    RpcQuestion question =
        new RpcQuestion("eth_subscribe", subscription.params(), SUBSCRIBE_TIMEOUT_NANOS);
    ask(
        question,
        new RpcReply() {
          @Override
          public void onResult(String json) {
            onSubscribeAnswered(subscription, json);
          }

          @Override
          public void onFailure(RpcFailure failure) {
            onSubscribeFailed(subscription, failure);
          }
        });
  }

  private void onSubscribeAnswered(SocketSubscription subscription, String json) {
    String id = json.replace("\"", "");
    List<String> missed = early.take(id);
    onSubscribeEnd();
    if (subscription.isEnded()) {
      sendUnsubscribe(id);
      return;
    }
    subscription.onSubscribed(id);
    missed.forEach(subscription::onNotified);
  }

  private void onSubscribeFailed(SocketSubscription subscription, RpcFailure failure) {
    onSubscribeEnd();
    if (failure.kind() == Kind.TIMEOUT) {
      fail(WireFailure.of(WireFailure.Kind.ENDED, "eth_subscribe unanswered"));
    } else if (failure.kind() != Kind.DISCONNECTED) {
      subscription.onRefused(failure);
    }
  }

  private void onSubscribeEnd() {
    unansweredSubscribes--;
    if (unansweredSubscribes == 0) {
      early.clear();
    }
  }

  private void sendUnsubscribe(String id) {
    RpcQuestion question =
        new RpcQuestion("eth_unsubscribe", "[\"" + id + "\"]", SUBSCRIBE_TIMEOUT_NANOS);
    ask(question, Indifferent.REPLY);
  }

  private void connect() {
    Session next = new Session();
    session = next;
    next.wire = wires.open(next);
  }

  private void reconnect() {
    retry = null;
    if (world.reconnects().tryWithdraw()) {
      world.observer().onReconnect(upstream);
      connect();
    } else {
      scheduleReconnect(0);
    }
  }

  private void scheduleReconnect(long leastNanos) {
    long delayNanos = Math.max(leastNanos, backOff.nextNanos());
    retry = world.scheduler().schedule(this::reconnect, delayNanos);
  }

  /** Gives the connection up, whatever its state, for a new one. */
  private void fail(WireFailure failure) {
    Session broken = session;
    if (broken != null) {
      broken.wire().close();
      broken.onEnd(failure);
    }
  }

  private void onGone(boolean wasOpen, String reason) {
    world.observer().onDisconnected(upstream, wasOpen, reason);
    calls.failAll(reason);
    early.clear();
    List.copyOf(subscriptions).forEach(subscription -> subscription.onInterrupted(reason));
  }

  private void onNotification(String id, @Nullable String json) {
    if (json == null) {
      return;
    }
    for (SocketSubscription subscription : subscriptions) {
      if (id.equals(subscription.id())) {
        world.observer().onPush(upstream);
        subscription.onNotified(json);
        return;
      }
    }
    if (unansweredSubscribes > 0) {
      early.add(id, json);
    }
  }

  @Override
  public String toString() {
    return upstream.toString();
  }

  /** One connection, from the first try to its end. */
  private final class Session implements WireListener {
    private final Vigil vigil =
        new Vigil(world.scheduler(), world.random(), () -> wire().ping(), this::onDead);
    private @Nullable Wire wire;
    private boolean isOpen;
    private long openedAtNanos;

    Wire wire() {
      Wire made = wire;
      if (made == null) {
        throw new IllegalStateException("a wire spoke before it was given");
      }
      return made;
    }

    private boolean isCurrent() {
      return session == this;
    }

    /** Stops to be the socket's. */
    void drop() {
      vigil.end();
      session = null;
    }

    @Override
    public void onOpen() {
      if (!isCurrent()) {
        return;
      }
      isOpen = true;
      openedAtNanos = world.scheduler().nanoTime();
      vigil.begin();
      world.observer().onConnected(upstream);
      List.copyOf(subscriptions).forEach(UpstreamSocket.this::sendSubscribe);
    }

    @Override
    public void onMessage(byte[] text) {
      if (!isCurrent()) {
        return;
      }
      vigil.onSign();
      RpcMessage message = RpcMessage.read(text);
      if (message == null) {
        fail(WireFailure.of(WireFailure.Kind.MALFORMED, "it sends no JSON-RPC"));
        return;
      }
      String subscribed = message.subscription();
      if (subscribed != null) {
        onNotification(subscribed, message.result());
      } else {
        calls.onAnswer(upstream.toString(), message);
      }
    }

    @Override
    public void onSign() {
      vigil.onSign();
    }

    private void onDead() {
      fail(WireFailure.of(WireFailure.Kind.ENDED, "no answer to a ping"));
    }

    @Override
    public void onEnd(WireFailure failure) {
      if (!isCurrent()) {
        return;
      }
      drop();
      long now = world.scheduler().nanoTime();
      if (isOpen && now - openedAtNanos >= STABLE_NANOS) {
        backOff.reset();
      }
      long asked = Math.min(LONGEST_RETRY_AFTER_SECONDS, failure.retryAfterSeconds());
      scheduleReconnect(TimeUnit.SECONDS.toNanos(asked));
      onGone(isOpen, upstream + ": " + failure.text());
    }
  }
}
