package io.fairlead.gateway.control;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells whoever registered that something has changed, without saying what: the listener looks for
 * itself, when it has time.
 *
 * <p>Thread-safety: safe. Listeners run on the announcing thread, usually the control loop, so they
 * hand over and return.
 */
public final class ChangeFeed {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * Adds a listener.
   *
   * @param onChange run after each change from now on; must not block or throw
   * @return removes it again
   */
  public Registration register(Runnable onChange) {
    listeners.add(onChange);
    return () -> listeners.remove(onChange);
  }

  /** Runs every listener. */
  public void announce() {
    listeners.forEach(Runnable::run);
  }

  /** A listener's place in the feed. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    /** Removes the listener; it may still run once if a change is being announced. */
    @Override
    void close();
  }
}
