package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.Demand;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.verify.Ballot.Group;
import io.fairlead.gateway.verify.Ballot.Vote;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.UpstreamStatus;
import io.fairlead.routing.table.UpstreamStatus.Administrative;
import io.fairlead.routing.table.UpstreamStatus.Freshness;
import io.fairlead.routing.table.UpstreamStatus.Health;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to an answer that may be believed: asks, and asks others, until that is
 * decided; see {@link CrossCheck}.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: owns what was answered until the
 * client gets it.
 */
final class CheckedAnswer implements ActiveAnswer {
  private static final int UNAVAILABLE_STATUS = 503;

  private final CrossCheck check;
  private final Call call;
  private final CallMessage message;
  private final AnswerSink out;
  private final Asked asked;
  private final Bench bench;
  private final boolean isChosen;
  private final Ballot ballot;
  private final Set<Upstream> heard = new HashSet<>();

  private @Nullable Question question;
  private @Nullable Hearing hearing;

  /** Once it is known who is right but not what he said: only his like are asked again. */
  private @Nullable Group onlyOf;

  private int questions;
  private boolean reading = true;
  private boolean passing;
  private boolean ended;

  CheckedAnswer(
      CrossCheck check, Call call, CallMessage message, AnswerSink out, boolean isChosen) {
    this.check = check;
    this.call = call;
    this.message = message;
    this.out = out;
    this.isChosen = isChosen;
    asked = Asked.of(message);
    bench = new Bench(check, call, message, asked);
    ballot = new Ballot(check.policy().quorum());
  }

  void start() {
    askFirst();
  }

  private boolean isCompared() {
    return isChosen && asked.scope() != Asked.Scope.UNFIXED;
  }

  private void askFirst() {
    boolean prefersTrusted =
        isChosen && !isCompared() && heard.isEmpty() && check.isTrustedServing(call, message);
    boolean isFree = heard.isEmpty() && !prefersTrusted && onlyOf == null;
    int before = call.attempts();
    Predicate<Upstream> wanted =
        upstream ->
            !heard.contains(upstream)
                && (onlyOf == null || check.isTrusted(upstream) || isOf(onlyOf, upstream))
                && (!prefersTrusted || check.isTrusted(upstream) || call.attempts() > before);
    Demand demand = isFree ? call.demand() : Wanted.ofAnswer(call.demand(), wanted, bench);
    ask(new Hearing(this, true, false), demand);
  }

  private static boolean isOf(Group group, Upstream upstream) {
    return group.votes().stream().anyMatch(vote -> vote.by() == upstream);
  }

  private void askWitness(boolean mayBeTrusted) {
    if (questions >= CrossCheck.MOST_QUESTIONS || call.remainingNanos() <= 0) {
      onExhausted();
      return;
    }
    Predicate<Upstream> fit = u -> !heard.contains(u) && ballot.canRaise(u);
    Predicate<Upstream> trusted = fit.and(check::isTrusted);
    boolean isTrustedOnly =
        mayBeTrusted
            && call.chain().table().upstreams().stream().anyMatch(trusted.and(this::isWell));
    Demand demand = Wanted.ofWitness(isTrustedOnly ? trusted : fit, bench);
    ask(new Hearing(this, false, isTrustedOnly), demand);
  }

  private void ask(Hearing listener, Demand demand) {
    questions++;
    Question next = call.ask(message.retain(), demand, listener);
    question = next;
    hearing = listener;
    listener.setQuestion(next);
    next.start();
  }

  /** Whether one could answer, of a tier that is closed too: a witness is worth more than that. */
  private boolean isWell(Upstream upstream) {
    UpstreamStatus status = call.chain().table().status(upstream);
    return status.administrative() == Administrative.ACTIVE
        && status.health() == Health.HEALTHY
        && status.freshness() == Freshness.CURRENT;
  }

  CrossCheck check() {
    return check;
  }

  boolean isTrusted(Upstream upstream) {
    return check.isTrusted(upstream);
  }

  /** Whether anything may come of reading what an upstream says. */
  boolean isToBeRead(Upstream by, boolean isFirst) {
    return !check.isTrusted(by)
        || !isFirst
        || bench.isAnybodyDoubted()
        || check.isLearningFrom(asked);
  }

  ValueReader newReader() {
    return check.newReader(asked, call.loop().window());
  }

  /** An answer begins to go to the client while it is read. */
  void onPassing(long lengthBytes) {
    passing = true;
    out.onStart(lengthBytes);
    Question current = question;
    if (current != null && !reading) {
      current.setReading(false);
    }
  }

  void pass(ByteBuf piece) {
    call.noteMovement();
    out.onChunk(piece);
  }

  /** An upstream has answered; there is a reading unless it is trusted and nothing to be learnt. */
  void onHeard(Hearing listener, Upstream by, @Nullable Reading read, Held held) {
    heard.add(by);
    if (read != null && bench.isRefused(by, read)) {
      onRefused(listener, held);
    } else if (listener.isFirst() && check.isTrusted(by)) {
      deliver(by, held);
    } else if (read == null || !isCompared()) {
      count(isChosen, VerifyResult.UNCONFIRMED);
      deliver(by, held);
    } else {
      ballot.add(new Vote(by, check.isTrusted(by), read, held));
      decide();
    }
  }

  private void onRefused(Hearing listener, Held held) {
    check.observer().onVerified(VerifyResult.CONTRADICTORY);
    boolean isLost = held.isPassed();
    held.drop();
    if (isLost) {
      breakOff();
    } else if (listener.isFirst() && questions < CrossCheck.MOST_QUESTIONS) {
      askFirst();
    } else {
      askWitness(true);
    }
  }

  private void decide() {
    Group believed = ballot.believed();
    if (believed == null) {
      askWitness(true);
    } else {
      conclude(believed, true);
    }
  }

  /** A question ended without anybody's word. */
  void onUnanswered(Hearing listener, WholeAnswer answer) {
    Upstream by = answer.by();
    if (by != null) {
      heard.add(by);
    }
    if (ballot.votes().isEmpty()) {
      end();
      out.onWhole(answer);
      return;
    }
    answer.release();
    goOnWithout(listener, by);
  }

  private void goOnWithout(Hearing listener, @Nullable Upstream by) {
    if (!listener.isFirst() && (listener.isTrustedOnly() || by != null)) {
      askWitness(!listener.isTrustedOnly());
    } else {
      onExhausted();
    }
  }

  void onBroken(Hearing listener, @Nullable Upstream by, boolean isPassed) {
    if (isPassed) {
      breakOff();
      return;
    }
    if (by != null) {
      heard.add(by);
    }
    if (listener.isFirst() && ballot.votes().isEmpty()) {
      askFirst();
    } else {
      goOnWithout(listener, by);
    }
  }

  /** Nobody is left who could settle it. */
  private void onExhausted() {
    Group group = ballot.ofTrusted();
    if (group != null) {
      conclude(group, false);
    } else if (check.policy().passesUnconfirmed() && !ballot.votes().isEmpty()) {
      Vote first = ballot.votes().get(0);
      check.observer().onVerified(VerifyResult.UNCONFIRMED);
      deliver(first.by(), first.held());
    } else {
      refuse();
    }
  }

  private void conclude(Group believed, boolean isQuorum) {
    Vote first = ballot.votes().get(0);
    bench.judge(ballot, believed, isQuorum);
    if (first.held().isPassed() && !believed.votes().contains(first)) {
      check.observer().onVerified(VerifyResult.OUTVOTED);
      breakOff();
      return;
    }
    Vote chosen = believed.deliverable();
    if (chosen == null) {
      askAgain(believed);
      return;
    }
    VerifyResult agreed = isQuorum ? VerifyResult.AGREED : VerifyResult.TRUSTED;
    check.observer().onVerified(chosen.equals(first) ? agreed : VerifyResult.OUTVOTED);
    deliver(chosen.by(), chosen.held());
  }

  /** What is believed was too long to be held while nobody knew that it was true. */
  private void askAgain(Group believed) {
    if (onlyOf != null || questions >= CrossCheck.MOST_QUESTIONS) {
      refuse();
      return;
    }
    onlyOf = believed;
    believed.votes().forEach(vote -> heard.remove(vote.by()));
    askFirst();
  }

  private void deliver(Upstream by, Held held) {
    end();
    call.noteAnsweredBy(by.id());
    held.deliver(out);
    ballot.close();
  }

  private void breakOff() {
    end();
    ballot.close();
    out.onBroken();
  }

  private void refuse() {
    boolean isLost = passing;
    check.observer().onVerified(VerifyResult.REFUSED);
    end();
    ballot.close();
    if (isLost) {
      out.onBroken();
      return;
    }
    String who = ballot.votes().stream().map(v -> v.by().id()).collect(Collectors.joining(", "));
    ByteBuf error =
        message.toError(
            call.loop().alloc(),
            GatewayErrors.UNAVAILABLE,
            String.format(
                Locale.ROOT,
                "%s was not confirmed: no %d failure domains of %s agree%s",
                message.spec().name(),
                check.policy().quorum(),
                call.chain().name(),
                who.isEmpty() ? "" : "; asked " + who));
    call.noteAnsweredBy(null);
    out.onWhole(WholeAnswer.own(CallOutcome.UNSERVED, UNAVAILABLE_STATUS, error));
  }

  private void count(boolean isCounted, VerifyResult result) {
    if (isCounted) {
      check.observer().onVerified(result);
    }
  }

  private void end() {
    ended = true;
    question = null;
    hearing = null;
  }

  @Override
  public void abandon() {
    Question current = question;
    Hearing listener = hearing;
    if (ended || current == null || listener == null) {
      return;
    }
    end();
    current.abandon();
    listener.drop();
    ballot.close();
  }

  @Override
  public void setReading(boolean on) {
    reading = on;
    Question current = question;
    if (passing && current != null) {
      current.setReading(on);
    }
  }
}
