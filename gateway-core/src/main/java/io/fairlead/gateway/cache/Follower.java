package io.fairlead.gateway.cache;

import io.fairlead.gateway.cache.CacheHandler.Errand;
import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for the answer to another call's question.
 *
 * <p>It keeps its own client, id and deadline. If nobody leads any more it asks anew, and then
 * leads, or follows whoever was quicker.
 *
 * <p>Thread-safety: confined to its call's event loop.
 */
final class Follower implements ActiveAnswer {
  private final CacheHandler handler;
  private final CacheLane lane;
  private final Inquiry inquiry;
  private final Errand errand;
  private final Call call;

  private @Nullable Flight flight;
  private @Nullable ActiveAnswer onward;
  private boolean waiting = true;
  private boolean reading = true;

  @Nullable Follower after;
  @Nullable Follower prior;

  Follower(CacheHandler handler, CacheLane lane, Inquiry inquiry, Errand errand) {
    this.handler = handler;
    this.lane = lane;
    this.inquiry = inquiry;
    this.errand = errand;
    this.call = errand.call();
  }

  /** Begins to wait; false if the flight has ended. */
  boolean tryFollow(Flight leading) {
    flight = leading;
    if (!leading.tryJoin(this)) {
      return false;
    }
    lane.watch().add(this);
    return true;
  }

  LoopContext loop() {
    return call.loop();
  }

  /** The leader's answer is this call's too. */
  void onAnswer(SharedAnswer answer) {
    if (tryEndWaiting()) {
      goOn(handler.giveShared(answer, errand));
    }
  }

  /** There is no answer to share. */
  void onNews(Flight.News news) {
    if (!tryEndWaiting()) {
      return;
    }
    if (call.remainingNanos() <= 0) {
      timeOut();
    } else if (news == Flight.News.AGAIN) {
      goOn(handler.answer(lane, inquiry, errand));
    } else {
      goOn(handler.askAlone(errand));
    }
  }

  private void goOn(ActiveAnswer next) {
    onward = next;
    if (!reading) {
      next.setReading(false);
    }
  }

  /** See {@link FollowerWatch}. */
  void onLook() {
    if (waiting && call.remainingNanos() <= 0 && tryEndWaiting()) {
      leaveFlight();
      timeOut();
    }
  }

  private void timeOut() {
    int code = GatewayErrors.TIMED_OUT;
    CallMessage message = errand.message();
    String text = message.spec().name() + " was asked for by another call and not answered in time";
    ByteBuf answer = message.toError(loop().alloc(), code, text);
    errand
        .sink()
        .onWhole(WholeAnswer.own(CallOutcome.TIMED_OUT, GatewayErrors.httpStatus(code), answer));
  }

  private boolean tryEndWaiting() {
    if (!waiting) {
      return false;
    }
    waiting = false;
    lane.watch().remove(this);
    return true;
  }

  private void leaveFlight() {
    if (flight != null) {
      flight.onLeft();
    }
  }

  @Override
  public void abandon() {
    if (tryEndWaiting()) {
      leaveFlight();
    } else if (onward != null) {
      onward.abandon();
    }
  }

  @Override
  public void setReading(boolean on) {
    reading = on;
    if (onward != null) {
      onward.setReading(on);
    }
  }
}
