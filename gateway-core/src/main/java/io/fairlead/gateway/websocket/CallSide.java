package io.fairlead.gateway.websocket;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.subscribe.Notification;
import io.fairlead.gateway.subscribe.Subscriber;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * JSON-RPC over one connection: each message is a call or a batch, many are under way at once, and
 * an answer goes out when it is there, whatever was asked before it.
 *
 * <p><b>Bounds.</b> At most {@code limits.websocketCalls} calls, and messages of {@code
 * limits.websocketMessage} bytes in all, are under way; what was read beyond waits in order and
 * nothing more is read. Calls beyond {@code limits.websocketRate} a second, with a second's worth
 * at once, are answered with an error (the generic cell rate algorithm, whose state is one
 * instant). Notifications that the client does not read fast enough end the connection at {@code
 * limits.websocketBuffer}; answers stop being asked for long before.
 *
 * <p>The serving plan is read for every message, so that a reload keeps the connection; if the
 * chain is no longer served, it ends.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
final class CallSide implements MessageSide, Subscriber, CallHandler {
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SocketConnection connection;
  private final Visit visit;
  private final SubscribingFactory factory;
  private SubscribingFactory.@Nullable Subscribing subscribing;

  /** The answers under way. */
  private @Nullable MessageAnswer first;

  /** Messages that were read but must wait; null while there were none. */
  private @Nullable ArrayDeque<ByteBuf> ahead;

  /** What must not overtake the answer to a batch; null while no batch has subscribed. */
  private @Nullable HeldNotifications held;

  private int calls;
  private long bytes;
  private long allowedNanos;
  private boolean dispatching;
  private boolean draining;
  private boolean ended;

  CallSide(SocketConnection connection, Visit visit, SubscribingFactory factory) {
    this.connection = connection;
    this.visit = visit;
    this.factory = factory;
    this.allowedNanos = connection.loop().nanoTime();
  }

  LoopContext loop() {
    return connection.loop();
  }

  SocketWriter writer() {
    return connection.writer();
  }

  boolean deflates() {
    return connection.deflates();
  }

  Deflation deflation() {
    return connection.lane().deflation();
  }

  private ServingPlan.WebSocketLimits limits() {
    return connection.lane().plan().limits().webSocket();
  }

  @Override
  public void onMessage(ByteBuf message, boolean isText) {
    if (draining) {
      message.release();
    } else if (dispatching || ahead != null || isFull()) {
      ArrayDeque<ByteBuf> queue = ahead == null ? new ArrayDeque<>() : ahead;
      queue.add(message);
      ahead = queue;
    } else {
      dispatch(message);
      goOn();
    }
  }

  /** Sets going what waits, as far as there is room; not from within itself. */
  private void goOn() {
    while (!dispatching && ahead != null && !isFull()) {
      ByteBuf message = ahead.poll();
      if (message == null) {
        ahead = null;
      } else {
        dispatch(message);
      }
    }
  }

  private void dispatch(ByteBuf message) {
    ServingPlan plan = connection.lane().plan();
    ChainRuntime chain = plan.chainAt(visit.path());
    if (chain == null) {
      message.release();
      endUnserved();
      return;
    }
    Asker asker = new Asker(chain, chain.clients().of(visit.apiKey(), visit.address()), this);
    MessageAnswer answer = new MessageAnswer(this, message.readableBytes());
    dispatching = true;
    try {
      connection.lane().dispatcher().dispatch(asker, message, plan.limits(), answer);
    } finally {
      dispatching = false;
    }
  }

  private void endUnserved() {
    connection.end(CloseCode.GOING_AWAY, "the chain " + visit.chain() + " is no longer served");
  }

  @Override
  public boolean isFull() {
    ServingPlan.WebSocketLimits limits = limits();
    return calls >= limits.calls() || bytes > limits.messageBytes();
  }

  @Override
  public boolean isIdle() {
    return first == null;
  }

  @Override
  public void onDrain() {
    draining = true;
    dropAhead();
  }

  @Override
  public void onSweep() {
    if (connection.lane().plan().chainAt(visit.path()) == null) {
      endUnserved();
    }
  }

  @Override
  public void onEnd() {
    if (ended) {
      return;
    }
    ended = true;
    draining = true;
    dropAhead();
    if (subscribing != null) {
      subscribing.close();
      subscribing = null;
    }
    for (MessageAnswer answer = first; answer != null; answer = answer.next) {
      answer.abandon();
    }
    first = null;
    if (held != null) {
      held.release(ByteBuf::release);
    }
  }

  private void dropAhead() {
    if (ahead != null) {
      ahead.forEach(ByteBuf::release);
      ahead = null;
    }
  }

  /** Whether so many calls may be asked now. */
  boolean admits(int asked) {
    long now = loop().nanoTime();
    long eachNanos = SECOND_NANOS / limits().callsPerSecond();
    if (allowedNanos - now > SECOND_NANOS - eachNanos) {
      return false;
    }
    long from = allowedNanos - now < 0 ? now : allowedNanos;
    allowedNanos = from + asked * eachNanos;
    return true;
  }

  void onBegun(MessageAnswer answer) {
    calls += answer.calls();
    bytes += answer.bytes();
    MessageAnswer before = first;
    answer.next = before;
    if (before != null) {
      before.previous = answer;
    }
    first = answer;
  }

  void onEnded(MessageAnswer answer) {
    if (ended) {
      return;
    }
    calls -= answer.calls();
    bytes -= answer.bytes();
    MessageAnswer after = answer.next;
    if (answer.previous != null) {
      answer.previous.next = after;
    } else {
      first = after;
    }
    if (after != null) {
      after.previous = answer.previous;
    }
    if (answer.isHolding()) {
      endHold();
    }
    goOn();
    connection.onRoom();
  }

  void onFault(RequestFault fault, ByteBuf error) {
    connection.lane().observer().onFault(fault);
    send(error);
  }

  void onShed() {
    connection.onShed();
  }

  void send(ByteBuf answer) {
    connection.send(answer, true);
  }

  void onSent() {
    connection.lane().observer().onMessageOut();
  }

  /** A message cannot be taken back once it has begun. */
  void onBroken(MessageAnswer answer) {
    onEnded(answer);
    connection.end(CloseCode.INTERNAL_ERROR, "an answer broke off");
  }

  @Override
  public void onWritable(boolean isWritable) {
    for (MessageAnswer answer = first; answer != null; ) {
      MessageAnswer following = answer.next;
      if (answer.hasTurn()) {
        answer.setReading(isWritable);
      }
      answer = following;
    }
  }

  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    if (subscribing == null) {
      subscribing = factory.open(call.chain(), loop(), this);
    }
    holdUntilAnswered(first);
    return subscribing.start(call, message, sink);
  }

  /** The answer to a batch that subscribes goes out before anything that is told. */
  private void holdUntilAnswered(@Nullable MessageAnswer answer) {
    if (dispatching && answer != null && answer.calls() > 1 && !answer.isHolding()) {
      answer.hold();
      if (held == null) {
        held = new HeldNotifications();
      }
      held.begin();
    }
  }

  private void endHold() {
    HeldNotifications present = held;
    if (present != null) {
      present.end();
      if (!present.isHolding()) {
        present.release(writer()::framed);
      }
    }
  }

  @Override
  public void send(Notification notification) {
    if (!connection.isOpen()) {
      return;
    }
    if (writer().pendingBytes() > limits().bufferBytes()) {
      connection.endSlow();
    } else {
      onSent();
      notify(notification.framed(Frames::ofText));
    }
  }

  /** What would be too much to hold goes out before the batch's answer, too. */
  private void notify(ByteBuf shared) {
    HeldNotifications present = held;
    if (present == null || !present.isHolding()) {
      writer().shared(shared);
    } else if (present.bytes() + shared.readableBytes() <= limits().bufferBytes()) {
      present.hold(shared.retainedDuplicate());
    } else {
      present.release(writer()::framed);
      writer().shared(shared);
    }
  }

  @Override
  public void lose(String reason) {
    connection.end(CloseCode.TRY_AGAIN_LATER, reason);
  }
}
