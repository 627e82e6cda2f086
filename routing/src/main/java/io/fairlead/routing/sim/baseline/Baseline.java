package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The client side that all baselines share: a call is sent to whom the policy picks; after a
 * failure it is sent again, at once, to another pick.
 *
 * <p>At most {@code settings.maxAttempts} attempts, without a retry budget, as Envoy, HAProxy and
 * nginx do when told to retry on connect failures and 5xx. An upstream that was tried is not picked
 * again as long as there are others. What may have been processed and is not repeatable is not sent
 * twice. There is no timeout for a single attempt and no hedge, except where a policy says that the
 * product has one. FAILED stands for a 5xx or a broken connection: that a JSON-RPC error may come
 * with a 200, which an HTTP proxy would take for a success, is not held against anybody. What a 429
 * means is for each policy to say.
 *
 * <p>The operator's weights are honoured where the product knows weights, a weight of 0 always; of
 * several tiers only the lowest serves, and {@code maxConcurrency} is not looked at, since nothing
 * here has either notion in this form.
 *
 * <p>Thread-safety: none; the thread that plays the scenario.
 */
abstract class Baseline implements GatewayUnderTest {
  /** Nobody can be picked. */
  static final int NONE = -1;

  /** The policy keeps the call and sends it itself later, by {@link #proceed}. */
  static final int LATER = -2;

  private static final int DRAWS = 8;

  final Network network;
  final RandomGenerator random;
  private final int maxAttempts;
  private final int[] inFlight;
  private Members members;

  Baseline(Network network, Scenario scenario, RandomGenerator random) {
    this.network = network;
    this.random = random;
    maxAttempts = scenario.play().settings().maxAttempts();
    inFlight = new int[network.upstreams().size()];
    members = Members.of(network);
  }

  /**
   * Chooses whom to ask next.
   *
   * @param call what is asked
   * @param tries who has been asked already
   * @return an upstream, {@link #NONE} or {@link #LATER}
   */
  abstract int pick(SimCall call, Tries tries);

  /** An attempt has just been sent. */
  void onSent(SimAttempt attempt) {}

  /** An attempt ended by itself. */
  void onEnded(SimAttempt attempt, Reply reply) {}

  /** An attempt was cancelled: its client gave up, or another attempt was quicker. */
  void onGivenUp(SimAttempt attempt) {}

  /** Whether an upstream may be given new calls now. */
  boolean isServing(int upstream) {
    return true;
  }

  /** Whether a call that met a 429 is sent to somebody else, or the 429 passed on. */
  boolean retriesLimited() {
    return true;
  }

  /** How many hedges a call may have on top of its attempts. */
  int maxHedges() {
    return 0;
  }

  @Override
  public final void onCall(SimCall call) {
    Tries tries = new Tries(maxAttempts + maxHedges());
    call.attach(tries);
    proceed(call);
  }

  /** Sends a call to the next pick; without one and with nothing in flight the call has failed. */
  final void proceed(SimCall call) {
    Tries tries = triesOf(call);
    if (!tryNext(call, tries) && !tries.isAnyOpen()) {
      network.answer(call, false);
    }
  }

  /** Sends a call to one upstream more while its attempts go on; nothing happens without a pick. */
  final void hedge(SimCall call) {
    Tries tries = triesOf(call);
    if (tries.hedges() < maxHedges() && tryNext(call, tries)) {
      tries.addHedge();
    }
  }

  @Override
  public final void onReply(SimAttempt attempt, Reply reply) {
    SimCall call = attempt.call();
    inFlight[attempt.upstream()]--;
    onEnded(attempt, reply);
    if (call.isEnded()) {
      return;
    }
    Tries tries = triesOf(call);
    tries.close(attempt);
    if (reply.result().isSuccess()) {
      giveUp(tries);
      network.answer(call, true);
    } else if (mayRetry(call, tries, reply)) {
      proceed(call);
    } else if (!tries.isAnyOpen()) {
      network.answer(call, false);
    }
  }

  @Override
  public final void onDeadline(SimCall call) {
    giveUp(triesOf(call));
  }

  @Override
  public final void onUpstreams(List<UpstreamSpec> now) {
    members = Members.of(network);
    onMembers();
  }

  /** Those to choose from have changed. */
  void onMembers() {}

  /** Those to choose from. */
  final Members members() {
    return members;
  }

  /** Attempts of this gateway that an upstream has not answered yet. */
  final int inFlight(int upstream) {
    return inFlight[upstream];
  }

  /** Whether an upstream can be picked for a call: it serves and was not tried, if others are. */
  final boolean isFree(int upstream, Tries tries) {
    return isServing(upstream) && (tries.count() >= members.size() || !tries.has(upstream));
  }

  /** Draws by weight among those who are free. */
  final int draw(Tries tries) {
    if (members.size() == 0) {
      return NONE;
    }
    for (int i = 0; i < DRAWS; i++) {
      int u = members.draw(random);
      if (isFree(u, tries)) {
        return u;
      }
    }
    return scan(tries);
  }

  private int scan(Tries tries) {
    int from = random.nextInt(members.size());
    for (int i = 0; i < members.size(); i++) {
      int u = members.get((from + i) % members.size());
      if (isFree(u, tries)) {
        return u;
      }
    }
    return NONE;
  }

  private boolean mayRetry(SimCall call, Tries tries, Reply reply) {
    boolean isRetried = reply.result() != AttemptResult.LIMITED || retriesLimited();
    boolean isSafe = call.isRepeatable() || !reply.maybeProcessed();
    return isRetried && isSafe && tries.count() - tries.hedges() < maxAttempts;
  }

  private boolean tryNext(SimCall call, Tries tries) {
    int u = pick(call, tries);
    if (u >= 0) {
      SimAttempt attempt = network.send(call, u);
      tries.add(attempt);
      inFlight[u]++;
      onSent(attempt);
    }
    return u != NONE;
  }

  private void giveUp(Tries tries) {
    while (tries.isAnyOpen()) {
      SimAttempt attempt = tries.anyOpen();
      tries.close(attempt);
      network.cancel(attempt);
      inFlight[attempt.upstream()]--;
      onGivenUp(attempt);
    }
  }

  private static Tries triesOf(SimCall call) {
    if (call.attachment() instanceof Tries tries) {
      return tries;
    }
    throw new IllegalStateException("call: " + call.id() + " (expected: one that onCall was told)");
  }
}
