package io.fairlead.gateway.logs;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.PassedAnswer;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.routing.Upstream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log query asked as the client put it; if that is refused for its width or weight, in parts.
 *
 * <p>What an upstream answers passes untouched.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class WholeQuery extends PassedAnswer {
  private final Call call;
  private final LogQuery query;
  private final Reach reach;
  private final LogsHandler.Shared shared;
  private final AnswerSink sink;
  private final Question question;

  WholeQuery(Call call, LogQuery query, Reach reach, LogsHandler.Shared shared, AnswerSink sink) {
    super(sink);
    this.call = call;
    this.query = query;
    this.reach = reach;
    this.shared = shared;
    this.sink = sink;
    PartDemand demand =
        new PartDemand(reach, query.blocks(), query.numberAt(query.to()), query.lists().longest());
    this.question = call.ask(query.message().retain(), demand, this);
  }

  void start() {
    follow(question);
    question.start();
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    if (answer.hasUpstreamResult()) {
      noteServed(answer.by());
      super.onWhole(answer);
      return;
    }
    Part all = new Part(query.from(), query.to(), LogLimits.NONE);
    all.ask(List.of(), query.lists().longest());
    RefusedRange refusal = new RefusedRange(reach, shared.limits());
    switch (refusal.meaning(all, query, answer)) {
      case NARROWER -> split(answer, refusal.narrower());
      case CUT_FILTER -> split(answer, LogLimits.NONE);
      case LATER -> splitOrPass(answer);
      case OUT_OF_TIME -> {
        if (query.blocks() > 1) {
          answer.release();
          super.onWhole(refusal.outOfTime(call, query, all));
        } else {
          super.onWhole(answer);
        }
      }
      case FINAL -> super.onWhole(answer);
    }
  }

  private void splitOrPass(WholeAnswer answer) {
    long narrower = reach.nextBelow(query.blocks());
    if (narrower > 0) {
      split(answer, narrower);
    } else {
      super.onWhole(answer);
    }
  }

  private void split(WholeAnswer refusal, long widest) {
    refusal.release();
    SplitAnswer parts = new SplitAnswer(call, query, reach, shared, sink);
    follow(parts);
    parts.start(widest);
  }

  private void noteServed(@Nullable Upstream by) {
    if (by != null) {
      shared.limits().onServed(by.id(), reach.query(), query.blocks(), reach.nanoTime());
    }
  }

  @Override
  public void onStart(long lengthBytes) {
    noteServed(question.streamedBy());
    super.onStart(lengthBytes);
  }
}
