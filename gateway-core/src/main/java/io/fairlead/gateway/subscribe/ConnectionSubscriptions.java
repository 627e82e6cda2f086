package io.fairlead.gateway.subscribe;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.subscribe.SubscribeRequest.RefusedException;
import io.fairlead.gateway.subscribe.Subscription.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one connection to one chain; answers the calls that begin and end them.
 *
 * <p>Bounds: {@link #MOST} subscriptions.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
public final class ConnectionSubscriptions implements CallHandler {
  /** The most subscriptions of a connection to a chain. */
  static final int MOST = 1000;

  private static final int NOT_FOUND = -32000;

  private final Subscriptions all;
  private final LoopContext loop;
  private final Subscriber subscriber;
  private final Map<String, Subscription> byId = new HashMap<>();
  private final Map<Topic, Set<Integer>> ordinals = new HashMap<>();
  private int taken;
  private boolean closed;

  ConnectionSubscriptions(Subscriptions all, LoopContext loop, Subscriber subscriber) {
    this.all = all;
    this.loop = loop;
    this.subscriber = subscriber;
  }

  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    Reply reply = new Reply(call, message, sink);
    if (message.isNotification()) {
      sink.onNothing(CallOutcome.REFUSED);
      return reply;
    }
    try {
      switch (message.spec().name()) {
        case "eth_subscribe" -> subscribe(SubscribeRequest.topic(message), reply);
        case "eth_unsubscribe" -> unsubscribe(SubscribeRequest.id(message), reply);
        default ->
            reply.refuse(
                GatewayErrors.METHOD_NOT_OFFERED,
                "the method is not offered on " + call.chain().name());
      }
    } catch (RefusedException e) {
      reply.refuse(e.code(), e.text());
    }
    return reply;
  }

  private void subscribe(Topic topic, Reply reply) {
    if (taken == MOST) {
      reply.refuse(
          GatewayErrors.LIMIT_EXCEEDED,
          "too many subscriptions (expected: at most " + MOST + " on a connection)");
      return;
    }
    taken++;
    int ordinal = takeOrdinal(topic);
    all.register(
        topic,
        loop,
        registered -> {
          if (closed || reply.isAbandoned()) {
            giveBack(topic, ordinal);
          } else {
            String id = registered.ids().id(ordinal);
            reply.answer('"' + id + '"');
            begin(new Place(topic, id, ordinal, registered.since()), reply, registered.first());
          }
        });
  }

  private void begin(Place place, Reply reply, @Nullable News first) {
    Subscription begun = new Subscription(place, reply.call.client(), subscriber);
    byId.put(place.id(), begun);
    all.on(loop).add(begun);
    if (first != null) {
      Notification notification = first.toNotification(loop.alloc(), place.id());
      begun.tell(first, notification);
      notification.release();
    }
  }

  private int takeOrdinal(Topic topic) {
    Set<Integer> used = ordinals.computeIfAbsent(topic, t -> new HashSet<>(2));
    int ordinal = 0;
    while (!used.add(ordinal)) {
      ordinal++;
    }
    return ordinal;
  }

  private void unsubscribe(String id, Reply reply) {
    Subscription ended = byId.remove(id);
    if (ended == null) {
      reply.refuse(NOT_FOUND, "subscription not found");
    } else {
      end(ended);
      reply.answer("true");
    }
  }

  private void end(Subscription ended) {
    all.on(loop).remove(ended);
    giveBack(ended.topic(), ended.ordinal());
  }

  private void giveBack(Topic topic, int ordinal) {
    taken--;
    Set<Integer> used = ordinals.get(topic);
    if (used != null && used.remove(ordinal) && used.isEmpty()) {
      ordinals.remove(topic);
    }
    all.unregister(topic, loop);
  }

  /** The connection is gone: all of its subscriptions end. */
  public void close() {
    closed = true;
    byId.values().forEach(this::end);
    byId.clear();
  }

  /** The answer to one call, which may have to wait for the home loop. */
  private final class Reply implements ActiveAnswer {
    private final Call call;
    private final CallMessage message;
    private final AnswerSink sink;
    private boolean abandoned;

    Reply(Call call, CallMessage message, AnswerSink sink) {
      this.call = call;
      this.message = message;
      this.sink = sink;
    }

    boolean isAbandoned() {
      return abandoned;
    }

    void answer(String result) {
      sink.onWhole(WholeAnswer.own(CallOutcome.OK, 200, message.toResult(loop.alloc(), result)));
    }

    void refuse(int code, String text) {
      sink.onWhole(
          WholeAnswer.own(CallOutcome.REFUSED, 200, message.toError(loop.alloc(), code, text)));
    }

    @Override
    public void abandon() {
      abandoned = true;
    }

    @Override
    public void setReading(boolean on) {}
  }
}
