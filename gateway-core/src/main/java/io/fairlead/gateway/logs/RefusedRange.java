package io.fairlead.gateway.logs;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Understands the refusals of one query's parts, learns from them, and says to the client what to
 * ask for instead if nothing helps.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class RefusedRange {
  /** What a refusal calls for. */
  enum Meaning {
    /** Fewer blocks at once. */
    NARROWER,
    /** Fewer alternatives at once. */
    CUT_FILTER,
    /** The same again when there is room. */
    LATER,
    /** The query's time is up. */
    OUT_OF_TIME,
    /** Nothing helps: the client gets the error. */
    FINAL
  }

  private static final int LIMIT_HTTP_STATUS = 200;

  private final Reach reach;
  private final LogLimits limits;
  private long narrower;
  private long passed = -1;

  RefusedRange(Reach reach, LogLimits limits) {
    this.reach = reach;
    this.limits = limits;
  }

  /** All logs up to a block are ready for the client. */
  void onPassed(long block) {
    passed = block;
  }

  /** How many blocks to ask for at once after a refusal that calls for fewer. */
  long narrower() {
    return narrower;
  }

  /**
   * Learns from an error.
   *
   * @param part what was asked for
   * @param error what came; lent
   */
  Meaning meaning(Part part, LogQuery query, WholeAnswer error) {
    Upstream by = error.by();
    if (by != null) {
      return meaningOf(error.kind(), by, part, query, error);
    }
    return switch (error.outcome()) {
      case TIMED_OUT -> Meaning.OUT_OF_TIME;
      case UNSERVED, SHED -> Meaning.LATER;
      default -> Meaning.FINAL;
    };
  }

  private Meaning meaningOf(
      Verdict.Kind kind, Upstream by, Part part, LogQuery query, WholeAnswer error) {
    return switch (kind) {
      case RANGE_TOO_LARGE, CALL_TOO_HEAVY -> tooWide(kind, by, part, error);
      case FILTER_TOO_WIDE -> tooManyAlternatives(by, part, query, error);
      case NODE_GAVE_UP, INTERNAL_ERROR, NOT_AN_ANSWER -> Meaning.LATER;
      default -> Meaning.FINAL;
    };
  }

  private Meaning tooWide(Verdict.Kind kind, Upstream by, Part part, WholeAnswer error) {
    long blocks = part.blocks();
    if (blocks == 1) {
      return Meaning.FINAL;
    }
    RangeHint hint = RangeHint.of(textOf(error));
    narrower = hint.narrower(part.from(), blocks);
    if (hint.isAboutSize() || kind == Verdict.Kind.CALL_TOO_HEAVY) {
      limits.onTooDense(by.id(), reach.query(), narrower, reach.nanoTime());
    } else {
      long told = hint.toldBlocks() > 0 ? hint.toldBlocks() : hint.first() < 0 ? -1 : narrower;
      limits.onTooManyBlocks(by.id(), blocks, told, reach.nanoTime());
    }
    return Meaning.NARROWER;
  }

  /** Another part may have been refused meanwhile for the same reason: then that is known. */
  private Meaning tooManyAlternatives(Upstream by, Part part, LogQuery query, WholeAnswer error) {
    int asked = part.askedAlternatives();
    if (asked <= 1) {
      return Meaning.FINAL;
    }
    if (reach.alternatives(by) >= asked) {
      RangeHint hint = RangeHint.of(textOf(error));
      limits.onTooManyAlternatives(by.id(), asked, hint.limit(), reach.nanoTime());
    }
    boolean canBeCut = query.lists().slices((int) reach.alternatives(by)) != null;
    return canBeCut ? Meaning.CUT_FILTER : Meaning.FINAL;
  }

  private static String textOf(WholeAnswer error) {
    ByteBuf bytes = error.bytes();
    int start = bytes.readerIndex() + Math.max(0, error.valueStart());
    return bytes.toString(start, bytes.writerIndex() - start, StandardCharsets.UTF_8);
  }

  /** The query would take more parts than are allowed. */
  WholeAnswer tooMany(Call call, LogQuery query, long blocks) {
    return askInstead(
        call, query, blocks, CallOutcome.REFUSED, "takes upstreams more than its share of calls");
  }

  /** The query's time was up when a part was not answered. */
  WholeAnswer outOfTime(Call call, LogQuery query, Part part) {
    long ready = passed - query.from() + 1;
    long blocks = passed >= query.from() ? ready : Math.max(1, part.blocks() / 2);
    return askInstead(call, query, blocks, CallOutcome.TIMED_OUT, "was not answered in time");
  }

  /** In the words by which client libraries find the range to try. */
  private static WholeAnswer askInstead(
      Call call, LogQuery query, long blocks, CallOutcome outcome, String why) {
    long most = Math.max(1, Math.min(blocks, query.blocks()));
    String text =
        String.format(
            Locale.ROOT,
            "%s of %d blocks %s: ask for at most %d blocks. Try with this block range [0x%x,"
                + " 0x%x].",
            query.message().spec().name(),
            query.blocks(),
            why,
            most,
            query.from(),
            query.from() + most - 1);
    ByteBuf bytes =
        query.message().toError(call.loop().alloc(), GatewayErrors.LIMIT_EXCEEDED, text);
    return WholeAnswer.own(outcome, LIMIT_HTTP_STATUS, bytes);
  }
}
