package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.Demand;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes no untrusted upstream at its word.
 *
 * <p><b>What is done.</b> A trusted upstream's answer passes as it comes. A community upstream's is
 * read: a record that is not the one asked for, a block whose hash is not that of its header, a
 * receipt whose bloom is not that of its logs is asked elsewhere. For the methods that the
 * configuration names, the same message then goes to others with whom it shares no failure domain,
 * trusted ones first, until a quorum of domains gives the same value; see {@link Ballot}. The first
 * answer passes byte for byte if it is among them, else one of those that are.
 *
 * <p><b>What is compared</b> are values, by a keyed hash of their leaves ({@link ValueDigest}), of
 * records the members that mean the same in every client ({@link Shape}), and only where the block
 * is fixed ({@link Asked.Scope}): by a hash, by a number, or by the transaction. A chosen call
 * whose block is not fixed goes to a trusted upstream first.
 *
 * <p><b>Who is put out.</b> An untrusted upstream whose value a quorum contradicts, at a block so
 * deep that no fork explains it, or near the head three times ({@link Strikes}); and who answers
 * with what cannot be. Never for "not here", nor for an error: nodes differ honestly in both.
 *
 * <p><b>Bounds.</b> Each upstream is asked once a call, at most {@link #MOST_QUESTIONS} questions
 * within the call's deadline. An answer is held up to {@link #MOST_HELD_BYTES}, all of a chain's up
 * to {@link #MOST_HELD_TOGETHER_BYTES}; a longer one goes on to the client while it is read, but
 * for its last piece, which it gets when it has been confirmed; else the answer breaks off.
 *
 * <p><b>Cost.</b> An answer of a trusted upstream costs a look at the method; one of a community
 * upstream that is cross-checked costs a second call (quorum - 1 in general) and its time.
 *
 * <p>Thread-safety: safe; one for a chain, called on all event loops.
 */
public final class CrossCheck implements CallHandler {
  /** The most questions for one call. */
  static final int MOST_QUESTIONS = 8;

  /** The longest answer that is held until it is confirmed. */
  static final int MOST_HELD_BYTES = 2 << 20;

  /** What all held answers may take. */
  static final long MOST_HELD_TOGETHER_BYTES = 64L << 20;

  /**
   * How far behind the head a block is the same on every honest node: two epochs of Ethereum, after
   * which it is finalized when all is well.
   */
  static final long SETTLED_BLOCKS = 64;

  private final VerifyPolicy policy;
  private final VerifyObserver observer;
  private final byte[] key;
  private final Formulas formulas;
  private final Strikes strikes = new Strikes();
  private final AtomicLong heldBytes = new AtomicLong();

  /**
   * A check for one chain.
   *
   * @param policy what is verified
   * @param chainId of the chain, or anything that is no chain's if it is not known
   * @param observer hears what comes of it
   * @param key 16 secret bytes, drawn anew by each process
   */
  public CrossCheck(VerifyPolicy policy, long chainId, VerifyObserver observer, byte[] key) {
    if (key.length != KeyedHash.KEY_BYTES) {
      throw new IllegalArgumentException("key: " + key.length + " bytes (expected: 16)");
    }
    this.policy = policy;
    this.observer = observer;
    this.key = key.clone();
    this.formulas = new Formulas(chainId);
  }

  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    boolean isChosen = policy.isChosen(message);
    if (message.isNotification() || (!isChosen && !Asked.isOfRecords(message))) {
      return UPSTREAMS.start(call, message, sink);
    }
    CheckedAnswer answer = new CheckedAnswer(this, call, message, sink, isChosen);
    answer.start();
    return answer;
  }

  /**
   * For calls that a handler answers from several questions, which cannot be compared one by one:
   * of a chosen method they are all put to trusted upstreams while one serves; while none does the
   * call is asked and cross-checked as a whole.
   *
   * @param inParts the handler
   */
  public CallHandler around(CallHandler inParts) {
    return (call, message, sink) -> {
      if (message.isNotification() || !policy.isChosen(message)) {
        return inParts.start(call, message, sink);
      }
      if (!isTrustedServing(call, message)) {
        return start(call, message, sink);
      }
      call.setDemand(new TrustedOnly(call.demand(), this::isTrusted));
      return inParts.start(call, message, sink);
    };
  }

  /** Whether a trusted upstream takes such calls as things are. */
  boolean isTrustedServing(Call call, CallMessage message) {
    RoutingTable table = call.chain().table();
    Demand demand = call.demand();
    return table.upstreams().stream()
        .anyMatch(
            u ->
                isTrusted(u)
                    && table.share(u, message.methodClass(), message.isHeadSensitive()) > 0
                    && demand.mayAsk(u));
  }

  VerifyPolicy policy() {
    return policy;
  }

  boolean isTrusted(Upstream upstream) {
    return !policy.community().contains(upstream.id());
  }

  Formulas formulas() {
    return formulas;
  }

  Strikes strikes() {
    return strikes;
  }

  VerifyObserver observer() {
    return observer;
  }

  ValueReader newReader(Asked asked, byte[] window) {
    return new ValueReader(asked, key, window);
  }

  /** Whether a trusted upstream's answer of some records still has something to teach. */
  boolean isLearningFrom(Asked asked) {
    if (asked.shape() == Shape.BLOCK) {
      return formulas.isLearning(Formula.BLOCK_HASH);
    }
    return asked.shape() == Shape.RECEIPT
        && (formulas.isLearning(Formula.LOGS_BLOOM) || formulas.isLearning(Formula.LOG_ORDER));
  }

  /** Whether so many bytes more may be held; if so they are owed back. */
  boolean tryHold(int bytes) {
    if (heldBytes.addAndGet(bytes) <= MOST_HELD_TOGETHER_BYTES) {
      return true;
    }
    heldBytes.addAndGet(-bytes);
    return false;
  }

  void giveBack(int bytes) {
    heldBytes.addAndGet(-bytes);
  }
}
