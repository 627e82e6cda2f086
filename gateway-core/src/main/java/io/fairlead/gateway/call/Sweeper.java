package io.fairlead.gateway.call;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after every attempt in flight on one event loop, a hundred times a second.
 *
 * <p>One timer for all stands in for a scheduled task per call, which would cost each call a place
 * in the loop's queue, twice. Deadlines, hedges and evidence of silence are therefore late by up to
 * {@link #PERIOD_MILLIS}, which is short against any of them. Attempts hang in one doubly linked
 * list, so that adding and removing cost a few writes. While nothing is in flight no timer runs.
 *
 * <p>Thread-safety: confined to its event loop. Failure: a question that throws is logged and keeps
 * nobody else from being looked at, now or later.
 */
final class Sweeper {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  /** Time between two looks, in milliseconds. */
  static final long PERIOD_MILLIS = 10;

  private static final long AGAIN_MILLIS = 1;

  private final EventLoop eventLoop;
  private final Punctuality punctuality = new Punctuality();
  private @Nullable Attempt head;
  private List<Question> waiting = new ArrayList<>();
  private boolean running;

  Sweeper(EventLoop eventLoop) {
    this.eventLoop = eventLoop;
  }

  void add(Attempt attempt) {
    attempt.next = head;
    if (head != null) {
      head.previous = attempt;
    }
    head = attempt;
    run();
  }

  /** Asks a question at each look whether it still waits for an upstream, until it does not. */
  void await(Question question) {
    waiting.add(question);
    run();
  }

  private void run() {
    if (!running) {
      running = true;
      scheduleIn(PERIOD_MILLIS);
    }
  }

  void remove(Attempt attempt) {
    Attempt before = attempt.previous;
    Attempt after = attempt.next;
    if (before != null) {
      before.next = after;
    } else if (head == attempt) {
      head = after;
    }
    if (after != null) {
      after.previous = before;
    }
    attempt.previous = null;
    // next stays: a sweep that stands on this attempt goes on from it
  }

  private void scheduleIn(long millis) {
    punctuality.expect(eventLoop.ticker().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    eventLoop.schedule(this::sweep, millis, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    if (punctuality.tryLook(eventLoop.ticker().nanoTime())) {
      look();
    } else {
      scheduleIn(AGAIN_MILLIS);
    }
  }

  private void lookAtWaiting() {
    if (!waiting.isEmpty()) {
      List<Question> asked = waiting;
      waiting = new ArrayList<>();
      for (Question question : asked) {
        if (isStillWaiting(question)) {
          waiting.add(question);
        }
      }
    }
  }

  private static boolean isStillWaiting(Question question) {
    try {
      return question.isStillWaiting();
    } catch (RuntimeException e) {
      logFailure(question, e);
      return question.call().remainingNanos() > 0;
    }
  }

  private static void lookAt(Attempt attempt) {
    try {
      attempt.question().onSweep(attempt);
    } catch (RuntimeException e) {
      logFailure(attempt.question(), e);
    }
  }

  private static void logFailure(Question question, RuntimeException e) {
    LOG.error("a question of {} could not be looked after", question.message().spec().name(), e);
  }

  private void look() {
    Attempt attempt = head;
    while (attempt != null) {
      Attempt current = attempt;
      attempt = attempt.next;
      if (current.isInFlight()) {
        lookAt(current);
      }
    }
    lookAtWaiting();
    if (head == null && waiting.isEmpty()) {
      running = false;
    } else {
      scheduleIn(PERIOD_MILLIS);
    }
  }
}
