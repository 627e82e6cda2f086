package io.fairlead.gateway.call;

import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One JSON-RPC request of a client on its way to an answer, however many questions to upstreams
 * that takes.
 *
 * <p>The chain's {@link CallHandler} answers it; this is what the handlers and the questions that
 * they ask have in common: the message, the deadline, who answered, and the end, which is booked
 * once.
 *
 * <p>Thread-safety: confined to one event loop. Ownership: owns its message and what answers it;
 * the sink gets every buffer. Failure: a call always ends, at the latest with its timeout.
 */
public final class Call implements ActiveAnswer, AnswerSink {
  /** The HTTP status of a call that the gateway has no room for. */
  public static final int OVERLOADED_STATUS = 429;

  private static final String OVERLOADED =
      "the gateway has more calls than it can carry; try again later";
  private static final long RETRY_AFTER_SECONDS = 1;

  private final LoopContext loop;
  private final Asker asker;
  private final ChainRuntime chain;
  private final CallMessage message;
  private final CallSink sink;
  private final long startNanos;
  private long movedNanos;

  private @Nullable ActiveAnswer answering;
  private boolean finished;
  private Demand demand = Demand.NONE;
  private @Nullable Decision decision;
  private @Nullable String answeredBy;
  private int attempts;
  private CacheUse cacheUse = CacheUse.BYPASS;

  /**
   * A call that has not begun.
   *
   * @param asker who asks which chain
   * @param message what the client asks; taken over
   * @param sink where the answer goes
   */
  Call(LoopContext loop, Asker asker, CallMessage message, CallSink sink) {
    this.loop = loop;
    this.asker = asker;
    this.chain = asker.chain();
    this.message = message;
    this.sink = sink;
    this.startNanos = loop.nanoTime();
    this.movedNanos = startNanos;
  }

  /** Begins; the sink may hear of the end before this returns. */
  void start() {
    startWith(chain.handler());
  }

  /** Begins with another handler than the chain's. */
  void startWith(CallHandler handler) {
    ActiveAnswer started = handler.start(this, message, this);
    if (!finished) {
      answering = started;
    }
  }

  /**
   * A question to upstreams on this call's behalf, within its deadline; not started yet.
   *
   * @param asked what is asked; one reference is taken over
   * @param wanted what is demanded of upstreams and answers
   * @param hearer where the answer goes
   */
  public Question ask(CallMessage asked, Demand wanted, AnswerSink hearer) {
    return new Question(this, asked, wanted, hearer);
  }

  /** The loop on which it lives. */
  public LoopContext loop() {
    return loop;
  }

  /** The chain that is asked. */
  public ChainRuntime chain() {
    return chain;
  }

  Asker asker() {
    return asker;
  }

  /** Who asks. */
  public Client client() {
    return asker.client();
  }

  /** What the client asks. */
  public CallMessage message() {
    return message;
  }

  /** When it began, in nanoseconds of the loop's clock. */
  public long startNanos() {
    return startNanos;
  }

  /** How long it may still take, in nanoseconds; not positive when its time is up. */
  public long remainingNanos() {
    return chain.policy().timeoutNanos() - (loop.nanoTime() - movedNanos);
  }

  /**
   * A part of a long answer has gone to the client: from now on the next one may take as long as
   * the call might have taken from its beginning.
   */
  public void noteMovement() {
    movedNanos = loop.nanoTime();
  }

  /** What is demanded of upstreams and answers on the client's account. */
  public Demand demand() {
    return demand;
  }

  /** Sets what is demanded; to be said before a question is asked. */
  public void setDemand(Demand wanted) {
    demand = wanted;
  }

  /** Notes what the cache had to do with it. */
  public void noteCache(CacheUse use) {
    cacheUse = use;
  }

  /** What the cache had to do with it. */
  public CacheUse cacheUse() {
    return cacheUse;
  }

  /** Notes the id of the upstream whose answer the client gets. */
  public void noteAnsweredBy(@Nullable String upstreamId) {
    answeredBy = upstreamId;
  }

  /** The id of the upstream whose answer the client gets; null for the gateway's own words. */
  public @Nullable String answeredBy() {
    return answeredBy;
  }

  void noteAttempt() {
    attempts++;
  }

  /** How many attempts were made, by all its questions. */
  public int attempts() {
    return attempts;
  }

  /** Writes down from now on how the call is decided; to be said before it begins. */
  public void explain() {
    decision = new Decision(startNanos);
  }

  /** What is written down; null if nobody asked. */
  @Nullable Decision record() {
    return decision;
  }

  /** How the call was decided so far, in JSON; null if nobody asked. */
  public @Nullable String decision() {
    Decision present = decision;
    return present == null ? null : present.toJson(loop.nanoTime());
  }

  /** When the client should ask again after an error of the gateway's own, in seconds. */
  public long retryAfterSeconds() {
    return RETRY_AFTER_SECONDS;
  }

  /**
   * An error of the gateway's own with the client's id.
   *
   * @param code the JSON-RPC error code
   * @param text what and why
   */
  public ByteBuf toError(int code, String text) {
    return message.toError(loop.alloc(), code, text);
  }

  /**
   * Answers in the gateway's own words, without any upstream.
   *
   * @param answer one JSON-RPC answer; taken over
   * @param isResult whether it is what the client asked for
   */
  void answerLocally(int httpStatus, ByteBuf answer, boolean isResult) {
    answerLocally(httpStatus, answer, isResult ? CallOutcome.OK : CallOutcome.REFUSED);
  }

  /** Ends it because the gateway has more calls than it can carry. */
  void shed() {
    ByteBuf error = toError(GatewayErrors.LIMIT_EXCEEDED, OVERLOADED);
    answerLocally(OVERLOADED_STATUS, error, CallOutcome.SHED);
  }

  private void answerLocally(int httpStatus, ByteBuf answer, CallOutcome outcome) {
    if (message.isNotification()) {
      answer.release();
      onNothing(outcome);
    } else {
      onWhole(WholeAnswer.own(outcome, httpStatus, answer));
    }
  }

  @Override
  public void abandon() {
    if (!finished) {
      ActiveAnswer abandoned = answering;
      finish(CallOutcome.ABANDONED);
      if (abandoned != null) {
        abandoned.abandon();
      }
      message.release();
    }
  }

  @Override
  public void setReading(boolean on) {
    ActiveAnswer current = answering;
    if (current != null) {
      current.setReading(on);
    }
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    finish(answer.outcome());
    try {
      sink.onWhole(this, answer.httpStatus(), answer.take());
    } finally {
      message.release();
    }
  }

  @Override
  public void onStart(long lengthBytes) {
    sink.onStart(this, lengthBytes);
  }

  @Override
  public void onChunk(ByteBuf chunk) {
    sink.onChunk(this, chunk);
  }

  @Override
  public void onEnd() {
    finish(CallOutcome.OK);
    sink.onEnd(this);
    message.release();
  }

  @Override
  public void onBroken() {
    finish(CallOutcome.BROKEN);
    sink.onBroken(this);
    message.release();
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    finish(outcome);
    sink.onNothing(this);
    message.release();
  }

  /** Books the end; the message stays until the sink has heard of it. */
  private void finish(CallOutcome outcome) {
    if (finished) {
      throw new IllegalStateException("a call of " + message.spec() + " ended twice");
    }
    finished = true;
    answering = null;
    chain.metrics().onCacheUse(cacheUse);
    chain.metrics().onCall(message.methodClass(), outcome, loop.nanoTime() - startNanos);
  }
}
