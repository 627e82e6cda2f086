package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.verify.Ballot.Group;
import io.fairlead.gateway.verify.Ballot.Vote;
import io.fairlead.routing.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges those who answered one call: whose word is refused, who is reported as a liar, and what
 * the chain's formulas learn.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class Bench {
  /** Somebody whose answer breaks a formula, until another's satisfies it or breaks it too. */
  private record Doubted(Upstream by, Formula formula) {}

  private final CrossCheck check;
  private final Call call;
  private final CallMessage message;
  private final Asked asked;
  private final List<Doubted> doubted = new ArrayList<>(0);
  private @Nullable String refused;

  Bench(CrossCheck check, Call call, CallMessage message, Asked asked) {
    this.check = check;
    this.call = call;
    this.message = message;
    this.asked = asked;
  }

  /** Why some answer was refused, for the client to read; null if none was. */
  @Nullable String refused() {
    return refused;
  }

  boolean isAnybodyDoubted() {
    return !doubted.isEmpty();
  }

  /** Whether an answer is refused for what it says of itself. */
  boolean isRefused(Upstream by, Reading reading) {
    if (check.isTrusted(by)) {
      learnFromTrusted(by, reading);
      return false;
    }
    String absurdity = reading.absurdity();
    if (absurdity != null) {
      refuse(by, absurdity);
      accuse(by, "answered " + question() + " with " + absurdity);
      return true;
    }
    if (reading.sort() == Reading.Sort.UNREADABLE) {
      refuse(by, "what cannot be read");
      return true;
    }
    return isBreaking(by, reading);
  }

  private void learnFromTrusted(Upstream by, Reading reading) {
    for (Formula formula : Formula.values()) {
      if (reading.breaks(formula) && check.formulas().holds(formula)) {
        check.formulas().unlearn(formula);
        doubted.removeIf(d -> d.formula() == formula);
      }
    }
    settleDoubts(by, reading);
    check.formulas().learn(reading);
  }

  private boolean isBreaking(Upstream by, Reading reading) {
    for (Formula formula : Formula.values()) {
      if (!check.formulas().isBrokenBy(formula, reading)) {
        continue;
      }
      if (doubted.stream().anyMatch(d -> isSeconded(d, by, formula))) {
        check.formulas().unlearn(formula);
        doubted.removeIf(d -> d.formula() == formula);
      } else {
        doubted.add(new Doubted(by, formula));
        refuse(by, formula.breach());
        return true;
      }
    }
    settleDoubts(by, reading);
    return false;
  }

  private static boolean isSeconded(Doubted before, Upstream by, Formula formula) {
    return before.formula() == formula && Ballot.areApart(before.by(), by);
  }

  /** One answer that satisfies a formula convicts those that broke it. */
  private void settleDoubts(Upstream by, Reading reading) {
    doubted.removeIf(
        d -> {
          boolean isProven = reading.satisfies(d.formula()) && d.by() != by;
          if (isProven) {
            String breach = d.formula().breach();
            String other = "; the answer of " + by.id() + " fits";
            accuse(d.by(), "answered " + question() + " with " + breach + other);
          }
          return isProven;
        });
  }

  private void refuse(Upstream by, String why) {
    refused = by.id() + " answered with " + why;
  }

  /**
   * Says who is to be put out once it is known what is believed: of those who are not trusted, who
   * gave another value. Neither "not here" nor an error is a lie, nor does it prove one.
   *
   * @param isQuorum whether enough failure domains agree on it
   */
  void judge(Ballot ballot, Group believed, boolean isQuorum) {
    if (believed.reading().sort() != Reading.Sort.RESULT) {
      return;
    }
    for (Vote vote : ballot.votes()) {
      boolean isOther = !believed.votes().contains(vote);
      if (isOther && !vote.isTrusted() && vote.reading().sort() == Reading.Sort.RESULT) {
        convict(vote, believed, isQuorum);
      }
    }
    if (isQuorum || believed.trusted() > 0) {
      check.formulas().learn(believed.reading());
    }
  }

  private void convict(Vote vote, Group believed, boolean isQuorum) {
    long block = asked.block() >= 0 ? asked.block() : believed.reading().blockNumber();
    boolean isProven = isQuorum && isSettled(block);
    if (isProven || check.strikes().add(vote.by().id(), block, call.loop().nanoTime())) {
      String others =
          believed.votes().stream().map(v -> v.by().id()).collect(Collectors.joining(", "));
      accuse(
          vote.by(),
          "answered "
              + question()
              + " with "
              + vote.reading().toWords()
              + " where "
              + others
              + " said "
              + believed.reading().toWords()
              + (isProven ? "" : ", like several times before"));
    }
  }

  /** Whether no fork can explain two different answers. */
  private boolean isSettled(long block) {
    return asked.scope() == Asked.Scope.HASH
        || (block >= 0
            && call.chain().table().headBlocks().orElse(-1) - block >= CrossCheck.SETTLED_BLOCKS);
  }

  private String question() {
    return message.spec().name() + asked.where();
  }

  private void accuse(Upstream by, String evidence) {
    check.observer().onLie(by, evidence);
  }
}
