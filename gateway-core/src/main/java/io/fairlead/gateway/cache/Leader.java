package io.fairlead.gateway.cache;

import io.fairlead.gateway.cache.CacheHandler.Errand;
import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.WholeAnswer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The call of a flight that asks.
 *
 * <p>Its answer passes through untouched. If others wait or it may be kept, it is copied on the
 * way: a whole one at once, a long one piece by piece as far as the store grants. Followers of a
 * long answer get it when the copy is complete; if it becomes too long for a copy they ask by
 * themselves.
 *
 * <p>If the leader's client leaves while others wait, the question goes on for them. While they
 * wait for a copy, the upstream is read on even when the leader's client does not read: followers
 * must not wait for a slow stranger, and two batches not for each other. What that costs is bounded
 * by the length of the copy.
 *
 * <p>Thread-safety: confined to its call's event loop. Ownership: holds a reference to the message
 * until the end, since it may outlive the call.
 */
final class Leader implements ActiveAnswer, AnswerSink {
  private final ChainCache cache;
  private final Inquiry inquiry;
  private final Flight flight;
  private final Call call;
  private final CallMessage message;

  private @Nullable AnswerSink sink;
  private @Nullable ActiveAnswer asking;
  private @Nullable AnswerCopy copy;
  private boolean parted;
  private boolean done;
  private boolean reading = true;

  Leader(ChainCache cache, Inquiry inquiry, Flight flight, Errand errand) {
    this.cache = cache;
    this.inquiry = inquiry;
    this.flight = flight;
    this.call = errand.call();
    this.message = errand.message();
    this.sink = errand.sink();
    flight.onWakeUp(this::onWakeUp);
  }

  /** Asks; the sink may hear of the end before this returns. */
  void start(CallHandler behind) {
    message.retain();
    asking = behind.start(call, message, this);
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    done = true;
    boolean kept = inquiry.mayBeKept() && answer.outcome() == CallOutcome.OK;
    SharedAnswer shared = kept || flight.isFollowed() ? toShared(answer) : null;
    if (shared != null) {
      cache.offer(inquiry, shared, flight.before(), call.loop().nanoTime());
    }
    AnswerSink hearer = sink;
    try {
      if (hearer == null) {
        answer.release();
      } else {
        hearer.onWhole(answer);
      }
    } finally {
      land(shared, Flight.News.AGAIN);
      message.release();
    }
  }

  /** Whose time is up has nothing to share: others may have more time. */
  private @Nullable SharedAnswer toShared(WholeAnswer answer) {
    return answer.outcome() == CallOutcome.TIMED_OUT
        ? null
        : SharedAnswer.of(answer, call.answeredBy());
  }

  @Override
  public void onStart(long lengthBytes) {
    if (inquiry.mayBeKept() || flight.isFollowed()) {
      copy = AnswerCopy.tryBegin(cache.store(), lengthBytes);
    }
    if (copy == null) {
      part(Flight.News.ALONE);
    }
    if (sink != null) {
      sink.onStart(lengthBytes);
    }
  }

  @Override
  public void onChunk(ByteBuf chunk) {
    if (copy != null && !copy.tryAppend(chunk)) {
      dropCopy();
      part(Flight.News.ALONE);
      applyReading();
    }
    if (sink != null) {
      sink.onChunk(chunk);
    } else {
      chunk.release();
      if (copy == null) {
        call.loop().execute(this::onWakeUp);
      }
    }
  }

  @Override
  public void onEnd() {
    done = true;
    SharedAnswer shared = copy == null ? null : copy.finish(call.answeredBy());
    dropCopy();
    if (shared != null) {
      cache.offer(inquiry, shared, flight.before(), call.loop().nanoTime());
    }
    if (sink != null) {
      sink.onEnd();
    }
    land(shared, Flight.News.ALONE);
    message.release();
  }

  @Override
  public void onBroken() {
    done = true;
    dropCopy();
    if (sink != null) {
      sink.onBroken();
    }
    part(Flight.News.AGAIN);
    message.release();
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    done = true;
    if (sink != null) {
      sink.onNothing(outcome);
    }
    part(Flight.News.AGAIN);
    message.release();
  }

  @Override
  public void abandon() {
    if (done) {
      return;
    }
    sink = null;
    if (flight.isFollowed() && !parted) {
      applyReading();
    } else {
      giveUp();
    }
  }

  @Override
  public void setReading(boolean on) {
    reading = on;
    flight.setPaused(!on);
    applyReading();
  }

  /** Somebody has come while the leader's client did not read, or nobody waits any more. */
  private void onWakeUp() {
    if (done) {
      return;
    }
    if (sink == null && (parted || !flight.isFollowed())) {
      giveUp();
    } else {
      applyReading();
    }
  }

  private void applyReading() {
    ActiveAnswer current = asking;
    if (current != null && !done) {
      boolean forOthers = !parted && flight.isFollowed();
      current.setReading(sink == null || reading || forOthers);
    }
  }

  private void giveUp() {
    done = true;
    part(Flight.News.AGAIN);
    dropCopy();
    if (asking != null) {
      asking.abandon();
    }
    message.release();
  }

  private void land(@Nullable SharedAnswer shared, Flight.News otherwise) {
    if (shared == null) {
      part(otherwise);
    } else if (!parted) {
      parted = true;
      cache.flights().remove(inquiry.key(), flight);
      flight.land(shared);
    }
  }

  private void part(Flight.News news) {
    if (!parted) {
      parted = true;
      cache.flights().remove(inquiry.key(), flight);
      flight.breakUp(news);
    }
  }

  private void dropCopy() {
    if (copy != null) {
      copy.close();
      copy = null;
    }
  }
}
