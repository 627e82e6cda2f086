package io.fairlead.gateway.websocket;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.WholeAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls that wait for the test to answer them, or are answered at once. */
final class HeldCalls implements CallHandler {
  final BlockingQueue<Held> waiting = new LinkedBlockingQueue<>();
  final List<Held> all = new CopyOnWriteArrayList<>();
  final AtomicInteger begun = new AtomicInteger();

  /** What is answered at once; empty: the test answers. */
  volatile String atOnce = "";

  Held next() throws InterruptedException {
    Held held = waiting.poll(30, TimeUnit.SECONDS);
    if (held == null) {
      throw new IllegalStateException("no call came");
    }
    return held;
  }

  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    begun.incrementAndGet();
    Held held = new Held(call, message, sink);
    if (atOnce.isEmpty()) {
      all.add(held);
      waiting.add(held);
    } else if (message.isNotification()) {
      sink.onNothing(CallOutcome.OK);
    } else {
      sink.onWhole(held.whole(atOnce));
    }
    return held;
  }

  /** A call under way. */
  static final class Held implements ActiveAnswer {
    private final Call call;
    private final CallMessage message;
    private final AnswerSink sink;
    volatile boolean abandoned;
    volatile boolean reading = true;

    Held(Call call, CallMessage message, AnswerSink sink) {
      this.call = call;
      this.message = message;
      this.sink = sink;
    }

    private WholeAnswer whole(String result) {
      ByteBuf answer = message.toResult(call.loop().alloc(), result);
      return WholeAnswer.own(CallOutcome.OK, 200, answer);
    }

    void answer(String result) {
      call.loop().execute(() -> sink.onWhole(whole(result)));
    }

    void start() {
      call.loop().execute(() -> sink.onStart(-1));
    }

    void chunk(String text) {
      call.loop().execute(() -> sink.onChunk(ByteBufUtil.writeAscii(call.loop().alloc(), text)));
    }

    void end() {
      call.loop().execute(sink::onEnd);
    }

    void breakOff() {
      call.loop().execute(sink::onBroken);
    }

    @Override
    public void abandon() {
      abandoned = true;
    }

    @Override
    public void setReading(boolean on) {
      reading = on;
    }
  }
}
