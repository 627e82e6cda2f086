package io.fairlead.gateway.cache;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides for how long an answer holds.
 *
 * <p><b>Idea.</b> An answer is kept only on a condition that can be looked up later: for ever, if
 * its block is finalized or it depends on no block; while the chain has a certain hash at a certain
 * height; while a certain hash is the head. The chain is looked at before the question and after
 * the answer; if it has changed in what matters, nobody knows of which state the answer is, and it
 * is not kept.
 *
 * <p>A result that shows its block must show the hash that the chain is agreed to have there; as
 * the newest block it must not be older than the head, for clients may know that already. A result
 * that does not (a balance at a height) is taken to be of the agreed block. What was kept before
 * its block was finalized is dropped then and asked for again once, so that no answer that nobody
 * could check becomes immortal. Empty results at finalized blocks are kept for {@link #EMPTY_NANOS}
 * only: an upstream that lacks data often says so by an empty answer.
 *
 * <p>Thread-safety: stateless.
 */
final class Keeping {
  /** For how long an empty result is believed. */
  static final long EMPTY_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** For how long an answer about the head is given out at most, should the head not move. */
  static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(2);

  /**
   * For how long an answer about a block that is not final is given out at most, should a
   * reorganisation go unnoticed between two probes.
   */
  static final long CANONICAL_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Keeping() {}

  /**
   * What is known when a question is put.
   *
   * @param view the chain
   * @param writes how many writes have passed
   * @param reorganisations how many were noticed
   * @param clearings how often everything was dropped
   */
  record Before(ChainView view, long writes, long reorganisations, long clearings) {}

  /**
   * How long an answer holds.
   *
   * @param inquiry what was asked
   * @param answer a result that is not null
   * @param before what was known when it was asked
   * @param view the chain now
   * @param nowNanos the time now
   * @return null if it is not to be kept
   */
  static @Nullable Holding of(
      Inquiry inquiry, SharedAnswer answer, Before before, ChainView view, long nowNanos) {
    return switch (inquiry.spec().cacheRule()) {
      case NONE -> null;
      case FOREVER -> forGood(answer, nowNanos);
      case HEAD -> atHead(inquiry, answer, before, view, nowNanos);
      case FINAL ->
          switch (inquiry.about()) {
            case NUMBER -> atNumber(inquiry, answer, before, view, nowNanos);
            case HASH -> atHash(inquiry, answer, before, view, nowNanos);
            case HEAD -> atHead(inquiry, answer, before, view, nowNanos);
            case RESULT -> asShown(inquiry, answer, before, view, nowNanos);
            case MOVING -> null;
          };
    };
  }

  private static @Nullable Holding atHead(
      Inquiry inquiry, SharedAnswer answer, Before before, ChainView view, long nowNanos) {
    String hash = before.view().headHash();
    return hash == null
            || !hash.equalsIgnoreCase(view.headHash())
            || isOtherHead(inquiry, answer, view)
        ? null
        : Holding.head(view.headNumber(), hash, before.writes(), nowNanos + HEAD_NANOS);
  }

  /** Whether a newest block is an older one than the head, or another at its height. */
  private static boolean isOtherHead(Inquiry inquiry, SharedAnswer answer, ChainView view) {
    if (inquiry.about() != Inquiry.About.HEAD) {
      return false;
    }
    BlockShown shown = BlockShown.of(inquiry.spec().shows(), answer);
    return shown != null
        && (shown.number() < view.headNumber()
            || (shown.number() == view.headNumber()
                && !shown.hash().equalsIgnoreCase(view.headHash())));
  }

  private static @Nullable Holding atNumber(
      Inquiry inquiry, SharedAnswer answer, Before before, ChainView view, long nowNanos) {
    long number = inquiry.number();
    String hash = view.hashOf(number);
    BlockShown shown = BlockShown.of(inquiry.spec().shows(), answer);
    if (shown != null && hash != null && !hash.equalsIgnoreCase(shown.hash())) {
      return null;
    }
    if (number <= before.view().finalizedNumber()) {
      return forGood(answer, nowNanos);
    }
    return hash == null || !hash.equalsIgnoreCase(before.view().hashOf(number))
        ? null
        : canonical(number, hash, before, nowNanos);
  }

  private static @Nullable Holding atHash(
      Inquiry inquiry, SharedAnswer answer, Before before, ChainView view, long nowNanos) {
    String hash = inquiry.hash();
    long number = hash == null ? ChainView.UNKNOWN : view.numberOf(hash);
    if (hash == null || number < 0) {
      return atHead(inquiry, answer, before, view, nowNanos);
    }
    return number <= view.finalizedNumber()
        ? forGood(answer, nowNanos)
        : canonical(number, hash, before, nowNanos);
  }

  private static @Nullable Holding asShown(
      Inquiry inquiry, SharedAnswer answer, Before before, ChainView view, long nowNanos) {
    BlockShown shown = BlockShown.of(inquiry.spec().shows(), answer);
    if (shown == null) {
      return null;
    }
    String hash = view.hashOf(shown.number());
    boolean same = hash != null && hash.equalsIgnoreCase(shown.hash());
    if (shown.number() <= view.finalizedNumber()) {
      return hash == null || same ? Holding.immutable(Holding.ALWAYS) : null;
    }
    return same ? canonical(shown.number(), shown.hash(), before, nowNanos) : null;
  }

  private static Holding forGood(SharedAnswer answer, long nowNanos) {
    return Holding.immutable(answer.isEmpty() ? nowNanos + EMPTY_NANOS : Holding.ALWAYS);
  }

  private static Holding canonical(long number, String hash, Before before, long nowNanos) {
    return Holding.canonical(number, hash, before.reorganisations(), nowNanos + CANONICAL_NANOS);
  }
}
