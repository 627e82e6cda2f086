package io.fairlead.probes;

import io.fairlead.probes.Answer.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the answer to a question into facts, or finds that it is no answer to it. */
final class UpstreamLessons {
  private static final Pattern HASH = Pattern.compile("0x[0-9a-fA-F]{64}");

  private UpstreamLessons() {}

  /**
   * Writes what the verdict teaches into the facts; returns it, or a failure if it makes no sense.
   */
  static Verdict learn(UpstreamFacts facts, Question question, Verdict verdict, long nowNanos) {
    Verdict read =
        switch (question) {
          case CHAIN_ID -> readChainId(facts, verdict);
          case SYNCING -> readSyncState(facts, verdict);
          case HEAD -> readHead(facts, verdict, nowNanos);
          case SAFE, FINALIZED -> readTagged(facts, question, verdict);
          case LIVENESS -> readBalance(verdict);
        };
    if (question == Question.HEAD && !read.isSuccess()) {
      facts.onHeadUnanswered();
    }
    return read;
  }

  private static Verdict readChainId(UpstreamFacts facts, Verdict verdict) {
    if (!verdict.isSuccess()) {
      return verdict;
    }
    long chainId =
        verdict.result() == null ? Quantity.NONE : Quantity.parse(verdict.result().scalar());
    if (chainId == Quantity.NONE) {
      return Verdict.failed("no chain id");
    }
    facts.onChainId(chainId);
    return verdict;
  }

  private static Verdict readSyncState(UpstreamFacts facts, Verdict verdict) {
    facts.onSyncState(verdict.result() == null ? null : SyncState.of(verdict.result()));
    return verdict;
  }

  private static Verdict readHead(UpstreamFacts facts, Verdict verdict, long nowNanos) {
    if (!verdict.isSuccess()) {
      return verdict;
    }
    Answer.Result block = verdict.result();
    if (block == null) {
      facts.onHeadUnanswered();
      return verdict;
    }
    Head head = toHead(block);
    if (head == null) {
      return Verdict.failed("no block");
    }
    facts.onHead(head, nowNanos);
    return verdict;
  }

  /** The header of a block; null if it is none. */
  static @Nullable Head toHead(Answer.Result block) {
    long number = Quantity.parse(block.field("number"));
    return block.kind() != Kind.OBJECT || number == Quantity.NONE
        ? null
        : new Head(number, hash(block, "hash"), hash(block, "parentHash"), timestamp(block));
  }

  /** Not every node knows the tag; that is no fault of its. */
  private static Verdict readTagged(UpstreamFacts facts, Question question, Verdict verdict) {
    Answer.Result block = verdict.result();
    long number = block == null ? Quantity.NONE : Quantity.parse(block.field("number"));
    if (verdict.isSuccess() && number != Quantity.NONE) {
      facts.onTagged(question, number);
      return verdict;
    }
    boolean isFault = verdict.outcome() != AttemptResult.FAILED && !verdict.isSuccess();
    return isFault
        ? verdict
        : new Verdict(AttemptResult.DATA_ERROR, "no " + question.tag() + " block", null);
  }

  private static String hash(Answer.Result block, String field) {
    String hash = block.field(field);
    return hash != null && HASH.matcher(hash).matches() ? hash : "";
  }

  private static long timestamp(Answer.Result block) {
    long seconds = Quantity.parse(block.field("timestamp"));
    return seconds == Quantity.NONE ? Head.UNKNOWN_TIME : seconds;
  }

  private static Verdict readBalance(Verdict verdict) {
    Answer.Result balance = verdict.result();
    return balance != null && balance.kind() != Kind.SCALAR
        ? Verdict.failed("no balance")
        : verdict;
  }
}
