package io.fairlead.routing.attempt;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.PickRequest;
import io.fairlead.routing.table.Picker;
import io.fairlead.routing.table.RoutingTable;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way to an answer: decides which attempts it gets, when and where.
 *
 * <p><b>Retry.</b> After an attempt failed and none is left in flight, where repeating is safe, and
 * while attempts, time and budget last; it leaves the failure domains that were tried. When
 * everybody was tried, those whose fault may have passed are tried again.
 *
 * <p><b>Hedge.</b> Beside a repeatable read that is older than the quantile of its upstream that
 * the policy names; one a call, outside the domains tried where there is anybody, paid from a
 * budget. It goes where an answer is likeliest to come soon. Whichever answers first wins; the
 * owner cancels the other once it is overdue, not before, since what is cancelled says nothing of
 * its upstream.
 *
 * <p><b>Rescue.</b> When every upstream that is at the call has been ejected meanwhile, waiting has
 * become pointless: the call starts again elsewhere at once, and whoever answers first wins. So a
 * black hole costs a call the time of its detection and not a timeout. It does not count as an
 * attempt, since the call did nothing wrong; at most {@link #MAX_RESCUES}, as a second domain may
 * fall while the first is being left. Paid as {@link Allowances} says.
 *
 * <p><b>Giving up</b> an attempt is for the case without a verdict: it is far older than anything
 * its upstream ever answered. The last attempt of a call is not given up; the deadline ends it.
 *
 * <p><b>Beside.</b> A call that is put to several upstreams at once, such as a transaction, begins
 * with several attempts, each outside the domains of those before; retries come when all are over.
 *
 * <p>Bounds: at most {@code maxAttempts + MAX_RESCUES} attempts beyond those beside the first.
 * Cost: a pick for each attempt; a look costs a few comparisons. No allocation after construction
 * up to four attempts.
 *
 * <p>Thread-safety: none; confined to one event loop. Ownership: whoever launches an attempt says
 * {@link #onEnded} once when it is over.
 *
 * <p>Source: J. Dean, L. A. Barroso, "The tail at scale", CACM 56 (2013), for hedges; Google SRE
 * book, chapter 21, for budgets. The rescue is our own.
 */
public final class Pursuit {
  /** Rescues of one call, at the most. */
  public static final int MAX_RESCUES = 2;

  private final PursuitPolicy policy;
  private final Allowances allowances;
  private final Picker picker;
  private final Launcher launcher;
  private final PickRequest request = new PickRequest();
  private @Nullable Upstream[] inFlight = new @Nullable Upstream[2];
  private int inFlightCount;
  private int made;
  private int rescues;
  private int beside;
  private boolean isHedged;
  private MethodClass methodClass = MethodClass.LIGHT;
  private boolean isHeadSensitive;
  private boolean isRepeatable;
  private @Nullable Predicate<Upstream> filter;

  /** Starts attempts. */
  @FunctionalInterface
  public interface Launcher {
    /**
     * Takes a permit of an upstream and sends the call there.
     *
     * @param upstream where
     * @param kind why
     * @return false if the upstream cannot take it; another will be asked
     */
    boolean tryLaunch(Upstream upstream, AttemptKind kind);
  }

  /** What became of a wish to retry. */
  public enum Retry {
    /** An attempt is under way. */
    STARTED,
    /** It would be allowed, but nobody can take the call now. */
    NOBODY,
    /** Not safe, or attempts, time or budget are used up. */
    REFUSED
  }

  /** What a look at an attempt in flight came to. */
  public enum Step {
    /** Nothing to do. */
    WAIT,
    /** Another attempt was started beside it because it is slow. */
    HEDGED,
    /** Another attempt was started beside it because its upstream was ejected. */
    RESCUED,
    /** It is to be given up: cancel it, and if none is left, retry. */
    GIVE_UP
  }

  /**
   * The pursuit of one call.
   *
   * @param policy its bounds
   * @param allowances of its event loop
   * @param picker of its event loop
   * @param launcher starts its attempts
   */
  public Pursuit(PursuitPolicy policy, Allowances allowances, Picker picker, Launcher launcher) {
    this.policy = policy;
    this.allowances = allowances;
    this.picker = picker;
    this.launcher = launcher;
  }

  /**
   * What the call asks; to be said once, before anything else.
   *
   * @param newClass the class of its method
   * @param headSensitive whether the answer depends on the newest block
   * @param repeatable whether it may be sent twice
   * @param newFilter which upstreams can serve it; null for all
   */
  public void begin(
      MethodClass newClass,
      boolean headSensitive,
      boolean repeatable,
      @Nullable Predicate<Upstream> newFilter) {
    methodClass = newClass;
    isHeadSensitive = headSensitive;
    isRepeatable = repeatable;
    filter = newFilter;
    forgetTried();
    allowances.onCall();
  }

  /** The call is not to be hedged. */
  public void forgoHedge() {
    isHedged = true;
  }

  /**
   * Starts the first attempt.
   *
   * @param table the table now
   * @return false if nobody can take the call now; it may be asked again
   */
  public boolean tryFirst(RoutingTable table) {
    forgetTried();
    return tryLaunch(table, AttemptKind.PRIMARY);
  }

  /**
   * Starts another attempt at once, for a call that is put to several upstreams; it costs no budget
   * and does not count among the call's attempts.
   *
   * @param table the table now
   * @return false if nobody else can take the call now
   */
  public boolean tryBeside(RoutingTable table) {
    request.setExtra(true);
    boolean isStarted = tryLaunch(table, AttemptKind.PRIMARY);
    request.setExtra(false);
    beside += isStarted ? 1 : 0;
    return isStarted;
  }

  /**
   * Starts another attempt after one failed and none is left in flight.
   *
   * @param table the table now
   * @param isSafe whether repeating the call does no harm
   * @param mayRepeatThere whether those tried may do better a second time
   * @param leftNanos until the call's deadline
   * @return what became of it
   */
  public Retry tryRetry(
      RoutingTable table, boolean isSafe, boolean mayRepeatThere, long leftNanos) {
    boolean allowed = isSafe && made < mostAttempts() && leftNanos > 0 && allowances.tryRetry();
    if (!allowed) {
      return Retry.REFUSED;
    }
    if (tryLaunch(table, AttemptKind.RETRY)) {
      return Retry.STARTED;
    }
    if (mayRepeatThere) {
      forgetTried();
      return tryLaunch(table, AttemptKind.RETRY) ? Retry.STARTED : Retry.NOBODY;
    }
    return Retry.NOBODY;
  }

  /**
   * Asks somebody else whether an answer that is at hand can be believed. That costs no retry
   * budget: nothing has failed, and clients that wait for something not yet there would use up what
   * others need when something fails.
   *
   * @param table the table now
   * @param leftNanos until the call's deadline
   * @return what became of it
   */
  public Retry trySecondOpinion(RoutingTable table, long leftNanos) {
    if (!isRepeatable || made >= policy.maxAttempts() + rescues || leftNanos <= 0) {
      return Retry.REFUSED;
    }
    return tryLaunch(table, AttemptKind.RETRY) ? Retry.STARTED : Retry.NOBODY;
  }

  /**
   * Looks at one attempt in flight that has not begun to answer, some hundred times a second.
   *
   * @param table the table now
   * @param at where the attempt is
   * @param ageNanos since it was sent
   * @return what was done, or is to be done
   */
  public Step look(RoutingTable table, Upstream at, long ageNanos) {
    if (!isRepeatable) {
      return Step.WAIT;
    }
    if (rescues < MAX_RESCUES && table.isEjected(at, methodClass)) {
      return tryRescue(table) ? Step.RESCUED : Step.WAIT;
    }
    if (ageNanos >= table.attemptTimeoutNanos(at, methodClass)) {
      boolean hasMore = inFlightCount > 1 || made < mostAttempts();
      return hasMore ? Step.GIVE_UP : Step.WAIT;
    }
    boolean isSlow = ageNanos >= table.hedgeAfterNanos(at, methodClass);
    return isSlow && tryHedge(table) ? Step.HEDGED : Step.WAIT;
  }

  /**
   * An attempt is over, however it ended.
   *
   * @param upstream where it was
   */
  public void onEnded(Upstream upstream) {
    for (int i = 0; i < inFlightCount; i++) {
      if (inFlight[i] == upstream) {
        inFlight[i] = inFlight[--inFlightCount];
        inFlight[inFlightCount] = null;
        return;
      }
    }
  }

  /**
   * Whether the last attempt did not come about because everybody who could serve the call is at a
   * limit: the call is shed.
   *
   * @return true after such a decline
   */
  public boolean isShed() {
    return request.isShed();
  }

  /**
   * Attempts made so far.
   *
   * @return 0 or more
   */
  public int made() {
    return made;
  }

  private int mostAttempts() {
    return policy.maxAttempts() + rescues + beside;
  }

  private boolean tryRescue(RoutingTable table) {
    for (int i = 0; i < inFlightCount; i++) {
      Upstream upstream = inFlight[i];
      if (upstream != null && !table.isEjected(upstream, methodClass)) {
        return false;
      }
    }
    if (allowances.tryRescue(table) && tryLaunch(table, AttemptKind.RESCUE)) {
      rescues++;
      return true;
    }
    return false;
  }

  private boolean tryHedge(RoutingTable table) {
    boolean isWorthwhile =
        policy.hedges()
            && !isHedged
            && methodClass != MethodClass.WRITE
            && !table.isOverloaded()
            && inFlightCount == 1
            && made < mostAttempts();
    if (isWorthwhile && allowances.tryHedge()) {
      isHedged = true;
      request.setHedge(true);
      boolean isLaunched = tryLaunch(table, AttemptKind.HEDGE);
      request.setHedge(false);
      return isLaunched;
    }
    return false;
  }

  private boolean tryLaunch(RoutingTable table, AttemptKind kind) {
    Upstream upstream = picker.pick(table, request);
    while (upstream != null) {
      request.onTried(upstream);
      onLaunch(upstream);
      if (launcher.tryLaunch(upstream, kind)) {
        return true;
      }
      made--;
      onEnded(upstream);
      upstream = picker.pick(table, request);
    }
    return false;
  }

  private void onLaunch(Upstream upstream) {
    made++;
    if (inFlightCount == inFlight.length) {
      inFlight = Arrays.copyOf(inFlight, inFlightCount * 2);
    }
    inFlight[inFlightCount++] = upstream;
  }

  private void forgetTried() {
    request.reset(methodClass, isHeadSensitive, filter);
  }
}
