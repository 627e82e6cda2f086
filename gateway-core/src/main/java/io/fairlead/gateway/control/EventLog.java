package io.fairlead.gateway.control;

import io.fairlead.routing.control.RoutingEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The newest events, why traffic moved, in a ring of fixed size.
 *
 * <p>A subscription is a place in the ring. Whoever reads too slowly is overtaken by the newest
 * event, loses the oldest ones and is told how many; writers never wait for readers.
 *
 * <p>Thread-safety: safe; a reader holds the lock while it copies, never while somebody is called.
 */
public final class EventLog {
  /** Events kept when nobody says otherwise. */
  public static final int DEFAULT_CAPACITY = 4_096;

  private final StampedEvent[] ring;
  private final InstantSource time;
  private final ChangeFeed appended = new ChangeFeed();
  private long next = 1;

  /**
   * An empty log.
   *
   * @param capacity how many events are kept, at least 1
   * @param time stamps events
   */
  public EventLog(int capacity, InstantSource time) {
    this.ring = new StampedEvent[capacity];
    this.time = time;
  }

  /**
   * Adds an event and tells subscribers.
   *
   * @param event what happened
   * @return the event with its place in the log
   */
  public StampedEvent append(RoutingEvent event) {
    StampedEvent stamped;
    synchronized (ring) {
      stamped = new StampedEvent(next, time.instant(), event);
      ring[indexOf(next)] = stamped;
      next++;
    }
    appended.announce();
    return stamped;
  }

  /**
   * The newest events.
   *
   * @param limit at most so many
   * @param chain only those that concern this chain; empty for all
   * @return oldest first
   */
  public List<StampedEvent> recent(int limit, String chain) {
    List<StampedEvent> newestFirst = new ArrayList<>();
    synchronized (ring) {
      for (long s = next - 1; s >= first() && newestFirst.size() < limit; s--) {
        if (ring[indexOf(s)].concerns(chain)) {
          newestFirst.add(ring[indexOf(s)]);
        }
      }
    }
    Collections.reverse(newestFirst);
    return newestFirst;
  }

  /**
   * Follows the log.
   *
   * @param chain only events that concern this chain; empty for all
   * @param backlog begin with so many of the newest past events
   * @param onEvents run on the writer's thread after each event; hands over and returns
   * @return what to read from; to be closed
   */
  public Subscription subscribe(String chain, int backlog, Runnable onEvents) {
    synchronized (ring) {
      List<StampedEvent> past = recent(backlog, chain);
      long from = past.isEmpty() ? next : past.get(0).sequence();
      return new Subscription(chain, from, appended.register(onEvents));
    }
  }

  private long first() {
    return Math.max(1, next - ring.length);
  }

  private int indexOf(long sequence) {
    return (int) (sequence % ring.length);
  }

  /**
   * Events that a subscriber has not yet seen.
   *
   * @param events oldest first
   * @param missed how many events before these were overwritten before they could be read
   */
  public record Batch(List<StampedEvent> events, long missed) {
    /**
     * Whether there is nothing to tell.
     *
     * @return true without events and without loss
     */
    public boolean isEmpty() {
      return events.isEmpty() && missed == 0;
    }
  }

  /**
   * A reader's place in the log.
   *
   * <p>Thread-safety: one reader at a time.
   */
  public final class Subscription implements AutoCloseable {
    private final String chain;
    private final ChangeFeed.Registration registration;
    private long position;

    private Subscription(String chain, long position, ChangeFeed.Registration registration) {
      this.chain = chain;
      this.position = position;
      this.registration = registration;
    }

    /**
     * Takes the next events.
     *
     * @param most at most so many
     * @return what there is, perhaps nothing
     */
    public Batch poll(int most) {
      List<StampedEvent> events = new ArrayList<>();
      synchronized (ring) {
        long missed = Math.max(0, first() - position);
        position += missed;
        for (; position < next && events.size() < most; position++) {
          StampedEvent event = ring[indexOf(position)];
          if (event.concerns(chain)) {
            events.add(event);
          }
        }
        return new Batch(events, missed);
      }
    }

    /** Stops following. */
    @Override
    public void close() {
      registration.close();
    }
  }
}
