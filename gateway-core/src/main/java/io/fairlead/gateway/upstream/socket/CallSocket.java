package io.fairlead.gateway.upstream.socket;

import io.fairlead.gateway.upstream.ExchangeListener;
import io.fairlead.gateway.upstream.RequestPort;
import io.fairlead.gateway.upstream.RequestShape;
import io.fairlead.gateway.upstream.UpstreamExchange;
import io.fairlead.gateway.upstream.socket.CarrierObserver.Moved;
import io.fairlead.routing.time.Scheduler;
import io.fairlead.routing.time.Scheduler.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that the calls of an event loop to an upstream share, from the first wish for
 * it to its end, and then the next.
 *
 * <p><b>When.</b> It is opened when it is wanted and closed after a minute without a call. One that
 * failed is followed by another no sooner than after a delay that doubles from half a second to
 * five minutes, jittered, and begins anew once a connection has stood for half a minute; what the
 * upstream asks for by {@code Retry-After} is waited, and a minute if it closed with 1008 or 1013.
 * Each further try takes a token of a budget that the loop's upstreams share.
 *
 * <p><b>Nothing is lost with it.</b> Whatever befalls the connection, its calls are asked again
 * over HTTP at the same upstream, within the same attempt: all of them may be repeated. What HTTP
 * then says is the evidence; a WebSocket that is dead while HTTP is sound convicts nobody.
 *
 * <p><b>Silence.</b> If calls wait and nothing at all has come for longer than {@link Patience},
 * the connection is under suspicion: it is pinged, its calls are asked again over HTTP as far as
 * the budget goes, and the next ones go there. It is trusted again when something has come and a
 * while of half a second, doubling up to half a minute, has passed; without a sign within ten
 * seconds it is given up. A loop that stood still itself suspects nobody.
 *
 * <p><b>What is not understood.</b> Some nodes read calls by other code here than over HTTP, and
 * say of a method that they lack that its parameters are wrong. So an error by which a node refuses
 * the call's form, its method or its parameters is not believed: the call is asked again over HTTP.
 *
 * <p>Thread-safety: loop-confined.
 */
final class CallSocket implements CallConnection.Owner, UpgradeListener {
  /** Without a call for this long, the connection is closed. */
  static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Between two looks for silence. */
  static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long IDLE_LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long FIRST_BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONGEST_BACK_OFF_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final long LONGEST_SUSPICION_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LONGEST_RETRY_AFTER_SECONDS = 300;

  private final RequestPort http;
  private final Upgrades upgrades;
  private final SocketMeans means;
  private final Scheduler time;
  private final CarrierObserver observer;
  private final RestingMethods resting;
  private final AnswerReader answers = new AnswerReader();
  private final Patience patience = new Patience();
  private final Masks masks;
  private final BackOff backOff;
  private final BackOff suspicions;
  private final Vigil vigil;
  private @Nullable Upgrade upgrade;
  private @Nullable CallConnection connection;
  private @Nullable Cancellable idleLook;
  private boolean hasFailed;
  private boolean isSuspect;
  private boolean isWatching;
  private boolean isRetired;
  private long notBeforeNanos;
  private long trustAfterNanos;
  private long suspectedNanos;
  private long openedNanos;
  private long usedNanos;
  private long silentSinceNanos;
  private long watchDueNanos;

  CallSocket(
      RequestPort http,
      Upgrades upgrades,
      SocketMeans means,
      CarrierObserver observer,
      RestingMethods resting) {
    this.http = http;
    this.upgrades = upgrades;
    this.means = means;
    this.time = means.scheduler();
    this.observer = observer;
    this.resting = resting;
    this.masks = new Masks(means.secrets());
    this.backOff = new BackOff(FIRST_BACK_OFF_NANOS, LONGEST_BACK_OFF_NANOS, means.random());
    this.suspicions = new BackOff(FIRST_BACK_OFF_NANOS, LONGEST_SUSPICION_NANOS, means.random());
    this.vigil = new Vigil(time, means.random(), this::ping, this::onDead);
    notBeforeNanos = time.nanoTime();
    trustAfterNanos = notBeforeNanos;
    suspectedNanos = notBeforeNanos;
  }

  /** How many calls wait on it. */
  int size() {
    CallConnection open = connection;
    return open == null ? 0 : open.table().size();
  }

  /** Whether a call may be sent over it now. */
  boolean isReady(long nowNanos) {
    CallConnection open = connection;
    return open != null
        && !isSuspect
        && !isRetired
        && nowNanos - trustAfterNanos >= 0
        && open.hasRoom();
  }

  /** Sends a call; it must be ready. */
  UpstreamExchange post(ByteBuf body, RequestShape shape, ExchangeListener listener, long now) {
    CallConnection open = connection;
    if (open == null) {
      throw new IllegalStateException("a call for a connection that is not there");
    }
    CallTable table = open.table();
    if (table.size() == 0) {
      silentSinceNanos = now;
    }
    usedNanos = now;
    means.repeats().deposit();
    SharedCall call = new SharedCall(table, body, shape, listener);
    open.send(call, now);
    watchSoon(now);
    return call;
  }

  /** Begins to connect, unless it is connected already or must not yet. */
  void want(long nowNanos) {
    if (connection != null || upgrade != null || isRetired || nowNanos - notBeforeNanos < 0) {
      return;
    }
    if (hasFailed && !means.connects().tryWithdraw()) {
      notBeforeNanos = nowNanos + backOff.nextNanos();
    } else {
      upgrade = upgrades.begin(this);
    }
  }

  @Override
  public void onUpgraded(Channel channel) {
    upgrade = null;
    CallConnection open = new CallConnection(channel, this, answers, masks);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.replace(Upgrades.DECODER, null, open);
    if (pipeline.get(Upgrades.ENCODER) != null) {
      pipeline.remove(Upgrades.ENCODER);
    }
    connection = open;
    isSuspect = false;
    openedNanos = time.nanoTime();
    usedNanos = openedNanos;
    vigil.begin();
    lookForIdleness();
    observer.onOpen();
  }

  @Override
  public void onFailed(WireFailure failure) {
    upgrade = null;
    putOff(failure);
  }

  private void putOff(WireFailure failure) {
    hasFailed = true;
    long asked = Math.min(LONGEST_RETRY_AFTER_SECONDS, failure.retryAfterSeconds());
    long delayNanos = Math.max(TimeUnit.SECONDS.toNanos(asked), backOff.nextNanos());
    notBeforeNanos = time.nanoTime() + delayNanos;
  }

  @Override
  public void onEnd(WireFailure failure) {
    CallConnection ended = connection;
    if (ended == null) {
      return;
    }
    leave();
    if (time.nanoTime() - openedNanos >= STABLE_NANOS) {
      backOff.reset();
    }
    putOff(failure);
    for (SharedCall call : ended.table().all()) {
      move(ended, call, Moved.ENDED);
    }
  }

  private void leave() {
    connection = null;
    vigil.end();
    if (idleLook != null) {
      idleLook.cancel();
      idleLook = null;
    }
    observer.onEnd();
  }

  private void move(CallConnection from, SharedCall call, Moved why) {
    if (from.table().take(call.number()) == call) {
      moveTaken(call, why);
    }
  }

  private void moveTaken(SharedCall call, Moved why) {
    observer.onMoved(why);
    call.moveTo(http);
  }

  @Override
  public void onBytes() {
    silentSinceNanos = time.nanoTime();
    isSuspect = false;
    vigil.onSign();
  }

  @Override
  public void onAnswer(SharedCall call, ByteBuf message, AnswerReader read) {
    patience.onAnswer(silentSinceNanos - call.sentNanos());
    if (read.isNotUnderstood()) {
      if (read.errorCode() == AnswerReader.METHOD_NOT_FOUND) {
        resting.rest(call.methodIndex(), silentSinceNanos);
      }
      moveTaken(call, Moved.NOT_UNDERSTOOD);
    } else {
      call.answer(message, read.idStart(), read.idEnd());
    }
    closeIfRetired();
  }

  @Override
  public void onTooLong(SharedCall call) {
    resting.rest(call.methodIndex(), silentSinceNanos);
    moveTaken(call, Moved.LONG);
  }

  @Override
  public void onStray() {
    observer.onStray();
  }

  private void watchSoon(long nowNanos) {
    if (!isWatching) {
      isWatching = true;
      watchDueNanos = nowNanos + WATCH_NANOS;
      time.schedule(this::watch, WATCH_NANOS);
    }
  }

  private void watch() {
    isWatching = false;
    CallConnection open = connection;
    if (open == null || open.table().size() == 0) {
      return;
    }
    long now = time.nanoTime();
    boolean isLate = now - watchDueNanos > LATE_NANOS;
    if (!isLate && !isSuspect && now - silentSinceNanos >= patience.nanos()) {
      suspect(open, now);
    }
    watchSoon(now);
  }

  private void suspect(CallConnection silent, long nowNanos) {
    if (nowNanos - suspectedNanos >= STABLE_NANOS) {
      suspicions.reset();
    }
    isSuspect = true;
    suspectedNanos = nowNanos;
    trustAfterNanos = nowNanos + suspicions.nextNanos();
    vigil.ask();
    for (SharedCall call : silent.table().all()) {
      if (means.repeats().tryWithdraw()) {
        move(silent, call, Moved.SILENT);
      }
    }
  }

  private void ping() {
    if (connection != null) {
      connection.ping();
    }
  }

  private void onDead() {
    CallConnection dead = connection;
    if (dead != null) {
      dead.close();
      onEnd(WireFailure.of(WireFailure.Kind.ENDED, "no answer to a ping"));
    }
  }

  private void lookForIdleness() {
    idleLook = time.schedule(this::closeIfIdle, IDLE_LOOK_NANOS);
  }

  private void closeIfIdle() {
    CallConnection open = connection;
    if (open != null && open.table().size() == 0 && time.nanoTime() - usedNanos >= IDLE_NANOS) {
      open.close();
      leave();
    } else {
      lookForIdleness();
    }
  }

  /** Takes no more calls, and closes once those that wait are answered. */
  void retire() {
    isRetired = true;
    if (upgrade != null) {
      upgrade.cancel();
      upgrade = null;
    }
    closeIfRetired();
  }

  private void closeIfRetired() {
    CallConnection open = connection;
    if (isRetired && open != null && open.table().size() == 0) {
      open.close();
      leave();
    }
  }
}
