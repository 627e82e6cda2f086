package io.fairlead.routing.evidence;

import io.fairlead.routing.MethodClass;
import java.util.List;

/**
 * Method classes whose outcomes are weighed together.
 *
 * <p>Calls that search logs or replay transactions lean on other parts of a node than the rest
 * (archive, disk, an indexer), take a hundred times as long and are a few in a hundred. Weighed
 * together with light calls, heavy ones that all fail would be three failures in a hundred, which
 * convict nobody; and a node that cannot trace would lose its light calls for it. Weighed class by
 * class, the rare ones would never have enough evidence. So there are two groups: an upstream
 * convicted on {@link #QUICK} evidence is out for everything, one convicted on {@link #HEAVY}
 * evidence for heavy calls alone.
 */
public enum ClassGroup {
  /** Light calls, reads and writes; probes count here. */
  QUICK,
  /** Searches of logs and traces. */
  HEAVY;

  /** All groups, by {@link #index()}. */
  public static final List<ClassGroup> ALL = List.of(values());

  /**
   * The group of a method class.
   *
   * @param methodClass the class
   * @return its group
   */
  public static ClassGroup of(MethodClass methodClass) {
    return switch (methodClass) {
      case LIGHT, READ, WRITE -> QUICK;
      case LOGS, TRACE -> HEAVY;
    };
  }

  /**
   * Whether a class belongs to the group.
   *
   * @param methodClass the class
   * @return whether it does
   */
  public boolean has(MethodClass methodClass) {
    return of(methodClass) == this;
  }

  /**
   * A small number, for arrays that are kept per group.
   *
   * @return 0 to the number of groups - 1
   */
  public int index() {
    return this == QUICK ? 0 : 1;
  }
}
