package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.LoopContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A question under way that others wait for: one call leads, any number of calls on any event loops
 * follow.
 *
 * <p><b>Idea.</b> Followers put themselves on a stack (Treiber 1986) by a single
 * compare-and-exchange; the leader takes the whole stack once, and with the same exchange nobody
 * can join any more. What a follower is told, it is told on its own loop; followers of one loop are
 * told in one task, in the order in which they came. A follower that has left stays on the stack,
 * where it holds nothing, until the flight ends.
 *
 * <p>Thread-safety: {@link #tryJoin}, {@link #onLeft} and the getters are safe; the rest belongs to
 * the leader's loop.
 *
 * <p>Source: R. K. Treiber, Systems Programming: Coping with Parallelism, IBM RJ 5118, 1986.
 */
final class Flight {
  private final AtomicReference<Node> top = new AtomicReference<>(Node.BOTTOM);
  private final AtomicInteger waiting = new AtomicInteger();
  private final LoopContext loop;
  private final long floorBlocks;
  private final Keeping.Before before;
  private volatile boolean paused;
  private @Nullable Runnable wakeUp;

  /** A place on the stack. */
  private static final class Node {
    static final Node BOTTOM = new Node(null, null);
    static final Node CLOSED = new Node(null, null);

    final @Nullable Follower follower;
    final @Nullable Node below;

    Node(@Nullable Follower follower, @Nullable Node below) {
      this.follower = follower;
      this.below = below;
    }
  }

  /** What followers are told. */
  enum News {
    /** Nobody leads any more: ask again, together. */
    AGAIN,
    /** The answer is too long to be shared: ask by yourself. */
    ALONE
  }

  /**
   * A flight that nobody follows yet.
   *
   * @param loop the leader's
   * @param floorBlocks the newest block that the leader's client knows of
   * @param before what was known when the question was put
   */
  Flight(LoopContext loop, long floorBlocks, Keeping.Before before) {
    this.loop = loop;
    this.floorBlocks = floorBlocks;
    this.before = before;
  }

  /** Says what wakes the leader; to be called before anybody can join. */
  void onWakeUp(Runnable task) {
    wakeUp = task;
  }

  long floorBlocks() {
    return floorBlocks;
  }

  Keeping.Before before() {
    return before;
  }

  /**
   * Whether the answer will do for another call.
   *
   * @param inquiry what both ask
   * @param floor the newest block that the other's client knows of
   * @param writes how many writes have passed
   */
  boolean suits(Inquiry inquiry, long floor, long writes) {
    return !inquiry.dependsOnHead() || (floor <= floorBlocks && writes == before.writes());
  }

  /** Joins; false if the flight has ended. */
  boolean tryJoin(Follower follower) {
    waiting.incrementAndGet();
    Node seen = top.get();
    while (seen != Node.CLOSED) {
      if (top.compareAndSet(seen, new Node(follower, seen))) {
        if (paused) {
          wake();
        }
        return true;
      }
      seen = top.get();
    }
    return false;
  }

  /** A follower has left before it was told anything. */
  void onLeft() {
    if (waiting.decrementAndGet() == 0) {
      wake();
    }
  }

  private void wake() {
    Runnable task = wakeUp;
    if (task != null) {
      tryExecute(loop, task);
    }
  }

  boolean isFollowed() {
    return waiting.get() > 0;
  }

  /** Says whether the leader's client does not read at present. */
  void setPaused(boolean on) {
    paused = on;
  }

  /** Ends the flight and gives every follower the answer. */
  void land(SharedAnswer answer) {
    tell(follower -> follower.onAnswer(answer));
  }

  /** Ends the flight without an answer. */
  void breakUp(News news) {
    tell(follower -> follower.onNews(news));
  }

  /** What is done to each follower on its loop. */
  private interface Message {
    void to(Follower follower);
  }

  private void tell(Message message) {
    Node node = top.getAndSet(Node.CLOSED);
    List<List<Follower>> byLoop = new ArrayList<>();
    while (node != null) {
      Follower follower = node.follower;
      if (follower != null) {
        listOf(follower, byLoop).add(follower);
      }
      node = node.below;
    }
    for (List<Follower> followers : byLoop) {
      LoopContext theirs = followers.get(0).loop();
      if (theirs == loop) {
        tellAll(followers, message);
      } else {
        tryExecute(theirs, () -> tellAll(followers, message));
      }
    }
  }

  private static List<Follower> listOf(Follower follower, List<List<Follower>> byLoop) {
    for (List<Follower> followers : byLoop) {
      if (followers.get(0).loop() == follower.loop()) {
        return followers;
      }
    }
    List<Follower> first = new ArrayList<>();
    byLoop.add(first);
    return first;
  }

  /** The stack gave the last first. */
  private static void tellAll(List<Follower> followers, Message message) {
    for (int i = followers.size() - 1; i >= 0; i--) {
      message.to(followers.get(i));
    }
  }

  /** A loop that takes no more tasks has closed its connections: nobody is there to be told. */
  private static void tryExecute(LoopContext loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closing) {
      // the gateway ends
    }
  }
}
