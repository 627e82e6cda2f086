package io.fairlead.gateway.control;

import io.fairlead.gateway.control.OperatorOverride.Term;
import io.fairlead.routing.control.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The overrides now in force, in memory and in the state folder, so that they survive restarts and
 * reloads.
 *
 * <p>A change is on the disk before it is in {@link #all}; if it cannot be written, nothing
 * changes. What expires leaves memory at once and the file with the next change or start.
 *
 * <p>Thread-safety: safe. {@link #put} and {@link #restore} wait for the disk and belong on a
 * thread that may; {@link #all} and {@link #expire} never wait and are what the control loop uses.
 */
public final class OverrideStore {
  private static final Logger log = LoggerFactory.getLogger(OverrideStore.class);

  private final OverrideFile file;
  private final InstantSource time;
  private final Optional<String> problem;
  private final List<OperatorOverride> lapsed;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile List<OperatorOverride> current;
  private long nextNumber;

  private OverrideStore(OverrideFile file, InstantSource time, OverrideFile.Content content) {
    this.file = file;
    this.time = time;
    this.problem = content.problem();
    Instant now = time.instant();
    this.current = content.overrides().stream().filter(o -> !o.term().isOver(now)).toList();
    this.lapsed = content.overrides().stream().filter(o -> o.term().isOver(now)).toList();
    this.nextNumber = content.nextNumber();
  }

  /**
   * Takes over what the state folder holds. The folder need not exist; the first change makes it.
   *
   * @param dir the state folder
   * @param time what times to live go by
   * @return the store
   * @throws IOException if there is a file and it cannot be read or, being corrupt, moved aside
   */
  public static OverrideStore open(Path dir, InstantSource time) throws IOException {
    OverrideFile file = new OverrideFile(dir);
    OverrideStore store = new OverrideStore(file, time, file.read());
    store.forgetLapsed();
    return store;
  }

  /** Writes the file without them, so that the next start does not find them again. */
  private void forgetLapsed() {
    if (!lapsed.isEmpty()) {
      try {
        file.write(nextNumber, current);
      } catch (IOException e) {
        log.warn("overrides whose time is over stay in the state folder for now", e);
      }
    }
  }

  /**
   * The overrides whose time was over at {@link #open} already.
   *
   * @return in the order in which they were made
   */
  public List<OperatorOverride> lapsed() {
    return lapsed;
  }

  /**
   * What was wrong with the file at {@link #open}, if it had to be moved aside.
   *
   * @return one line for the events and the operator
   */
  public Optional<String> problem() {
    return problem;
  }

  /**
   * The overrides in force, in the order in which they were made.
   *
   * @return an immutable list
   */
  public List<OperatorOverride> all() {
    return current;
  }

  /**
   * Makes an override, in the place of one that says the same kind of thing about the same target.
   *
   * @param order what to make
   * @return the override, and the one it replaced
   * @throws IOException if it cannot be kept; nothing has changed then
   */
  public Put put(Order order) throws IOException {
    changing.lock();
    try {
      OperatorOverride made = toOverride(order);
      Predicate<OperatorOverride> replaced = made::replaces;
      file.write(nextNumber + 1, without(current, replaced, Optional.of(made)));
      nextNumber++;
      return new Put(made, publish(replaced, Optional.of(made)));
    } finally {
      changing.unlock();
    }
  }

  /**
   * Removes every override on a target: those of the very target, and, if it names no chain, those
   * narrowed to a chain too.
   *
   * @param target what to restore
   * @return the overrides removed; empty if there were none
   * @throws IOException if the change cannot be kept; nothing has changed then
   */
  public List<OperatorOverride> restore(Target target) throws IOException {
    changing.lock();
    try {
      Predicate<OperatorOverride> restored = override -> isWithin(override.target(), target);
      if (current.stream().noneMatch(restored)) {
        return List.of();
      }
      file.write(nextNumber, without(current, restored, Optional.empty()));
      return publish(restored, Optional.empty());
    } finally {
      changing.unlock();
    }
  }

  /**
   * Drops what is over now.
   *
   * @return the overrides dropped
   */
  public List<OperatorOverride> expire() {
    Instant now = time.instant();
    Predicate<OperatorOverride> over = override -> override.term().isOver(now);
    return current.stream().anyMatch(over) ? publish(over, Optional.empty()) : List.of();
  }

  /** Changes memory alone; held shortly, so that expiry never waits for a write to the disk. */
  private synchronized List<OperatorOverride> publish(
      Predicate<OperatorOverride> removed, Optional<OperatorOverride> added) {
    List<OperatorOverride> before = current;
    current = without(before, removed, added);
    return before.stream().filter(removed).toList();
  }

  private OperatorOverride toOverride(Order order) {
    Instant now = time.instant().truncatedTo(ChronoUnit.MILLIS);
    Term term = new Term(now, order.ttl().map(now::plus));
    return new OperatorOverride("o" + nextNumber, order.target(), order.action(), order.by(), term);
  }

  private static boolean isWithin(Target target, Target restored) {
    return target.withChain(restored.chain()).equals(restored)
        && (restored.chain().isEmpty() || restored.chain().equals(target.chain()));
  }

  private static List<OperatorOverride> without(
      List<OperatorOverride> list,
      Predicate<OperatorOverride> removed,
      Optional<OperatorOverride> added) {
    List<OperatorOverride> rest = new ArrayList<>(list);
    rest.removeIf(removed);
    added.ifPresent(rest::add);
    return List.copyOf(rest);
  }

  /**
   * What {@link #put} did.
   *
   * @param made the override now in force
   * @param replaced those no longer in force
   */
  public record Put(OperatorOverride made, List<OperatorOverride> replaced) {}
}
