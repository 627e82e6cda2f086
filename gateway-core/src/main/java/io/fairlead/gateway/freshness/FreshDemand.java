package io.fairlead.gateway.freshness;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.Doubt;
import io.fairlead.gateway.call.HeldAnswer;
import io.fairlead.gateway.client.HeadTag;
import io.fairlead.gateway.client.Write;
import io.fairlead.gateway.jsonrpc.method.MethodSpec.Shows;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.Topology;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one call who may be asked and which answers are believed.
 *
 * <p><b>Who may be asked.</b> Whoever has the block that is needed, is not on a dead branch, and
 * knows the client's write if the call is about it. Where the answer shows or proves its block,
 * others may be tried when nobody of those can be: those that were not seen for a while may have
 * got there meanwhile. Who was asked just now and did not help gives way to those who were not, and
 * is asked again after a while, each time a longer one, unless it reaches the block before. While
 * the call waits, that holds for everybody: a wait is looked at a hundred times a second and costs
 * no retry budget, so that nothing else would keep it from asking as often.
 *
 * <p><b>Which answers are believed.</b> Not one from before the client's floor; not one from
 * implausibly far ahead, and not one of a block that is known to have been replaced, unless a
 * second upstream that shares no failure domain with the first says so too; not a null for a block
 * that exists, unless a second upstream says the same.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class FreshDemand implements Demand {
  private static final long OLD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int MOST_DOUBLINGS = 2;

  private final Call call;
  private final HeadBoard board;
  private final BlindReads blindReads;
  private final Terms terms;
  private final long patienceNanos;
  private final ChainHeads heads;
  private final BlockSight sight = new BlockSight();
  private List<Asked> asked = List.of();
  private long shown = BlockSight.NONE;
  private boolean sawBehind;
  private boolean sawNull;
  private @Nullable Claim ahead;
  private boolean lacked;
  private boolean waits;
  private @Nullable Upstream onOtherBranch;

  /** An upstream that was asked, when, and whether it was seen at the needed block then. */
  private record Asked(Upstream upstream, long atNanos, boolean wasThere) {}

  FreshDemand(Call call, HeadBoard board, BlindReads blindReads, Terms terms, long patienceNanos) {
    this.call = call;
    this.board = board;
    this.blindReads = blindReads;
    this.terms = terms;
    this.patienceNanos = patienceNanos;
    this.heads = board.heads();
  }

  Terms terms() {
    return terms;
  }

  /** The block that the believed answer showed, or {@link BlockSight#NONE}. */
  long shown() {
    return shown;
  }

  /** Whether somebody answered from before the client's floor. */
  boolean sawBehind() {
    return sawBehind;
  }

  @Override
  public boolean isSelective() {
    return terms.needed() >= 0
        || isBound()
        || terms.rule().spec().shows() != Shows.NOTHING
        || !heads.agreed().astray().isEmpty();
  }

  @Override
  public boolean mayAsk(Upstream upstream) {
    if (isAskedJustNow(upstream) && (waits || lacked || hasOther(upstream, this::isNotAsked))) {
      return false;
    }
    if (heads.isAstray(upstream) && hasOther(upstream, other -> !heads.isAstray(other))) {
      return false;
    }
    Upstream owed = owedTo();
    boolean isKept = owed == null ? isKeptByWrite(upstream) : isKeptByRead(upstream, owed);
    return !isKept && (hasNeeded(upstream) || mayGuess(upstream));
  }

  /** Whether it is not free to go where it is answered soonest. */
  private boolean isBound() {
    return terms.pin() != null || owedTo() != null;
  }

  private @Nullable Upstream owedTo() {
    return terms.owes() ? blindReads.owedTo(call) : null;
  }

  private boolean isKeptByRead(Upstream upstream, Upstream owed) {
    return upstream != owed && isServing(call.chain().table(), owed) && isUsable(owed);
  }

  private boolean isKeptByWrite(Upstream upstream) {
    Write pin = terms.pin();
    if (pin == null) {
      return false;
    }
    return pin.isKnownTo(upstream)
        ? blindReads.isOutdone(call, upstream, this::isUsablePin)
        : hasOther(upstream, this::isUsablePin);
  }

  private boolean isUsablePin(Upstream upstream) {
    Write pin = terms.pin();
    return pin != null && pin.isKnownTo(upstream) && isUsable(upstream);
  }

  private boolean isUsable(Upstream upstream) {
    return isUntried(upstream) && isThere(upstream);
  }

  /** The block that is needed; what the client was told meanwhile is not gone back behind. */
  private long needed() {
    return terms.owes()
        ? Math.max(terms.needed(), terms.client().floor(HeadTag.LATEST))
        : terms.needed();
  }

  private boolean hasNeeded(Upstream upstream) {
    long needed = needed();
    if (needed < 0 || isThere(upstream)) {
      return true;
    }
    long now = call.loop().nanoTime();
    if (terms.mayCredit() && board.credited(upstream, now) >= needed) {
      return true;
    }
    lacked |= terms.rule().spec().shows() != Shows.RESULT;
    board.want(needed, now);
    return false;
  }

  private boolean mayGuess(Upstream upstream) {
    Terms.How how = terms.rule().how();
    Sighting sighting = board.sighting(upstream);
    boolean isOld = call.loop().nanoTime() - sighting.sinceNanos() >= OLD_NANOS;
    return how != Terms.How.PROVES_NOTHING
        && sighting.number() >= 0
        && (how == Terms.How.SHOWS_HEAD || (isOld && asked.isEmpty()))
        && !hasOther(upstream, this::isUsable);
  }

  /** Whether somebody else fits who serves calls like this one and has room for it. */
  private boolean hasOther(@Nullable Upstream than, Predicate<Upstream> fits) {
    RoutingTable table = call.chain().table();
    for (int i = 0; i < table.size(); i++) {
      Upstream other = table.upstream(i);
      if (other != than && isServing(table, other) && fits.test(other)) {
        return true;
      }
    }
    return false;
  }

  private boolean isServing(RoutingTable table, Upstream upstream) {
    CallMessage message = call.message();
    return upstream.isOpen()
        && table.share(upstream, message.methodClass(), message.isHeadSensitive()) > 0;
  }

  /** What does not show its block may bind the client to whoever answers beside. */
  @Override
  public boolean mayHedge() {
    return terms.rule().how() != Terms.How.PROVES_NOTHING
        || blindReads.isBlockYoung(call.loop().nanoTime())
        || !isBound();
  }

  @Override
  public void onAsked(Upstream upstream) {
    if (asked.isEmpty()) {
      asked = new ArrayList<>(2);
    }
    asked.add(new Asked(upstream, call.loop().nanoTime(), isThere(upstream)));
  }

  @Override
  public void onWait() {
    waits = true;
  }

  private boolean isNotAsked(Upstream upstream) {
    return !isAskedJustNow(upstream);
  }

  /** Whether this call has not been there at all: who was asked in vain keeps it from nobody. */
  private boolean isUntried(Upstream upstream) {
    return asked.stream().noneMatch(one -> one.upstream() == upstream);
  }

  private boolean isAskedJustNow(Upstream upstream) {
    Asked last = null;
    int times = 0;
    for (Asked one : asked) {
      if (one.upstream() == upstream) {
        last = one;
        times++;
      }
    }
    if (last == null || (!last.wasThere() && isThere(upstream))) {
      return false;
    }
    long pauseNanos = AGAIN_NANOS << Math.min(times - 1, MOST_DOUBLINGS);
    return call.loop().nanoTime() - last.atNanos() < pauseNanos;
  }

  /** Whether it was seen at the needed block. */
  private boolean isThere(Upstream upstream) {
    return board.seen(upstream) >= needed();
  }

  @Override
  public @Nullable Doubt judge(Upstream by, HeldAnswer answer) {
    if (answer.isNullResult()) {
      return judgeNull(by);
    }
    Terms.Rule rule = terms.rule();
    Shows shows = rule.spec().shows();
    ByteBuf bytes = answer.bytes();
    boolean isShown =
        rule.asked() != BlockParameter.PENDING
            && shows != Shows.NOTHING
            && sight.read(
                shows, bytes, bytes.readerIndex() + answer.valueStart(), bytes.writerIndex());
    Doubt doubt = isShown ? judgeShown(by) : null;
    sight.clear();
    if (!isShown && rule.how() == Terms.How.PROVES_BLOCK && needed() >= 0) {
      board.onHad(by, needed(), call.startNanos(), call.loop().nanoTime());
    }
    return doubt;
  }

  private void noteShown(Upstream by, long number) {
    long now = call.loop().nanoTime();
    if (terms.rule().how() == Terms.How.SHOWS_HEAD && terms.floor() == HeadTag.LATEST) {
      board.onSeen(by, number, call.startNanos(), now);
    } else {
      board.onHad(by, number, call.startNanos(), now);
    }
  }

  private @Nullable Doubt judgeNull(Upstream by) {
    Terms.Rule rule = terms.rule();
    if (rule.how() == Terms.How.SHOWS_HEAD) {
      return new Doubt("it answered null for the newest block", false);
    }
    if (!rule.spec().isNullSuspect() || rule.asked() > known()) {
      return null;
    }
    if (!isThere(by)) {
      return new Doubt("it is not known to have block " + needed(), false);
    }
    boolean isSecond = sawNull;
    sawNull = true;
    return isSecond ? null : new Doubt("it does not have it", true);
  }

  private long known() {
    return Math.max(heads.latest(), terms.client().floor(HeadTag.LATEST));
  }

  private @Nullable Doubt judgeShown(Upstream by) {
    long number = sight.number();
    if (!isBelievable(by, number)) {
      lacked = true;
      board.want(number, call.loop().nanoTime());
      boolean mayStand = terms.rule().how() != Terms.How.SHOWS_HEAD;
      return new Doubt("it claims to have block " + number + ", far ahead of the chain", mayStand);
    }
    noteShown(by, number);
    long floor = terms.client().floor(terms.floor());
    if (terms.rule().how() == Terms.How.SHOWS_HEAD && number < floor) {
      sawBehind = true;
      return new Doubt("it is at block " + number + ", behind " + floor, false);
    }
    if (isReplaced(by)) {
      return new Doubt("its block " + number + " was replaced", false);
    }
    shown = number;
    return null;
  }

  /** Whether others may honestly be as far, or somebody else in this call said that they are. */
  private boolean isBelievable(Upstream by, long number) {
    long now = call.loop().nanoTime();
    if (board.isPlausible(number, now)) {
      return true;
    }
    Claim before = ahead;
    Claim claim = new Claim(by, number, sight.hash(), now);
    boolean isGainsaid = sawBehind || hasOther(by, other -> areIndependent(by, other));
    if (before == null
        || !before.isSecondedBy(claim, areIndependent(before.by(), by), isGainsaid)) {
      ahead = before != null && before.by() == by ? before : claim;
      return false;
    }
    board.onCorroborated(Math.min(before.number(), number));
    return board.isPlausible(number, now);
  }

  private boolean areIndependent(Upstream one, Upstream other) {
    Topology topology = call.chain().table().topology();
    int first = topology.indexOf(one);
    int second = topology.indexOf(other);
    return first >= 0 && second >= 0 && !topology.shareDomain(first, second);
  }

  /**
   * Whether the block shown is not the chain's; two who are independent and both on another branch
   * know better.
   */
  private boolean isReplaced(Upstream by) {
    boolean isByHash =
        terms.rule().spec().shows() == Shows.NUMBER && terms.rule().spec().blockPosition() < 0;
    ChainHeads now = board.heads();
    if (isByHash || !now.isReplaced(sight)) {
      return false;
    }
    Upstream before = onOtherBranch;
    onOtherBranch = by;
    return before == null || !areIndependent(before, by);
  }

  @Override
  public long neededBlock() {
    return needed();
  }

  @Override
  public long patienceNanos() {
    boolean isWorthIt = (isSomebodyLate() || ahead != null) && !sawNull;
    return isWorthIt ? patienceNanos : 0;
  }

  /** Whether somebody who serves such calls may yet reach the block. */
  private boolean isSomebodyLate() {
    return terms.rule().spec().shows() != Shows.RESULT
        && (hasOther(null, u -> !isThere(u)) || isSomebodyAskedLate());
  }

  /** The same of those whom this call has asked, by whichever share they came to be asked. */
  private boolean isSomebodyAskedLate() {
    RoutingTable table = call.chain().table();
    return asked.stream()
        .anyMatch(one -> !isThere(one.upstream()) && !table.isEjected(one.upstream()));
  }

  @Override
  public @Nullable String lacking() {
    return !lacked
        ? null
        : "none of them is known to have block "
            + needed()
            + ", behind which the client must not be answered";
  }
}
