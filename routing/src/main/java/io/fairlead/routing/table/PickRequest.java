package io.fairlead.routing.table;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one call asks of a pick, and where it has been.
 *
 * <p>Reused: a pick and {@link #onTried} allocate nothing for calls of up to four attempts.
 *
 * <p>Thread-safety: none; it belongs to one call on one event loop.
 */
public final class PickRequest {
  private MethodClass methodClass = MethodClass.LIGHT;
  private boolean headSensitive;
  private @Nullable Predicate<Upstream> filter;
  private @Nullable Upstream[] tried = new @Nullable Upstream[4];
  private int triedCount;
  private boolean shed;
  private boolean isExtra;
  private boolean hedge;

  /**
   * Starts a call anew.
   *
   * @param newClass the class of its method
   * @param isHeadSensitive whether the answer depends on the newest block
   * @param newFilter which upstreams can serve it; null for all
   */
  public void reset(
      MethodClass newClass, boolean isHeadSensitive, @Nullable Predicate<Upstream> newFilter) {
    methodClass = newClass;
    headSensitive = isHeadSensitive;
    filter = newFilter;
    Arrays.fill(tried, 0, triedCount, null);
    triedCount = 0;
    shed = false;
    hedge = false;
  }

  /**
   * Notes that an attempt goes (or went) there; later picks avoid it and then its domains.
   *
   * @param upstream where
   */
  public void onTried(Upstream upstream) {
    if (triedCount == tried.length) {
      tried = Arrays.copyOf(tried, triedCount * 2);
    }
    tried[triedCount++] = upstream;
  }

  /**
   * Says what the next picks are for.
   *
   * @param isHedge whether for an answer that comes sooner than that of an attempt in flight
   */
  public void setHedge(boolean isHedge) {
    hedge = isHedge;
  }

  /**
   * Says whether the next pick is for an attempt that the call could do without: nobody lends it
   * room in advance.
   *
   * @param extra whether it is
   */
  public void setExtra(boolean extra) {
    isExtra = extra;
  }

  boolean isExtra() {
    return isExtra;
  }

  /**
   * How many attempts have been noted.
   *
   * @return 0 or more
   */
  public int tried() {
    return triedCount;
  }

  /**
   * Whether an attempt has been noted for an upstream.
   *
   * @param upstream which
   * @return whether it was tried
   */
  public boolean isTried(Upstream upstream) {
    for (int i = 0; i < triedCount; i++) {
      if (tried[i] == upstream) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the last pick found nobody although somebody untried could serve the call if it had
   * room: the call is to be shed.
   *
   * @return true after such a pick
   */
  public boolean isShed() {
    return shed;
  }

  void setShed(boolean isShed) {
    shed = isShed;
  }

  boolean isHedge() {
    return hedge;
  }

  MethodClass methodClass() {
    return methodClass;
  }

  boolean isHeadSensitive() {
    return headSensitive;
  }

  boolean isSupportedBy(Upstream upstream) {
    Predicate<Upstream> f = filter;
    return f == null || f.test(upstream);
  }

  boolean leavesDomains(Topology topology, int index) {
    for (int i = 0; i < triedCount; i++) {
      Upstream upstream = tried[i];
      int other = upstream == null ? -1 : topology.indexOf(upstream);
      if (other >= 0 && topology.shareDomain(index, other)) {
        return false;
      }
    }
    return true;
  }
}
