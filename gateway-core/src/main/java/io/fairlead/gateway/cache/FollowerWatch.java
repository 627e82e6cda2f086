package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.LoopContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the followers of one event loop whose time is up.
 *
 * <p>A follower has no attempt of its own that anybody looks after. One timer for all of a loop
 * runs while there are any; they hang in a doubly linked list, so that coming and going costs a few
 * writes.
 *
 * <p>Thread-safety: confined to its event loop. Failure: a follower that throws is logged and keeps
 * no other from being ended.
 */
final class FollowerWatch {
  private static final Logger LOG = LoggerFactory.getLogger(FollowerWatch.class);

  /** Time between two looks: by so much a follower's deadline may be late. */
  static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final LoopContext loop;
  private @Nullable Follower head;
  private boolean running;

  FollowerWatch(LoopContext loop) {
    this.loop = loop;
  }

  void add(Follower follower) {
    follower.after = head;
    if (head != null) {
      head.prior = follower;
    }
    head = follower;
    if (!running) {
      running = true;
      loop.schedule(this::look, PERIOD_NANOS);
    }
  }

  void remove(Follower follower) {
    Follower prior = follower.prior;
    Follower after = follower.after;
    if (prior != null) {
      prior.after = after;
    } else if (head == follower) {
      head = after;
    }
    if (after != null) {
      after.prior = prior;
    }
    follower.prior = null;
    // after stays: a look that stands on this follower goes on from it
  }

  private static void lookAt(Follower follower) {
    try {
      follower.onLook();
    } catch (RuntimeException e) {
      LOG.error("a call that waits for another's answer could not be ended", e);
    }
  }

  private void look() {
    Follower follower = head;
    while (follower != null) {
      Follower current = follower;
      follower = follower.after;
      lookAt(current);
    }
    if (head == null) {
      running = false;
    } else {
      loop.schedule(this::look, PERIOD_NANOS);
    }
  }
}
