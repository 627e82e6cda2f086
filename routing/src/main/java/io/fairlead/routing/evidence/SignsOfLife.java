package io.fairlead.routing.evidence;

/**
 * What an upstream whose attempts grow overdue answers meanwhile: whether its silence is a queue.
 *
 * <p><b>Idea.</b> A black hole answers nobody from the moment it opens. A queue does: those who
 * came before are answered, late, while those who came after wait. So an answer that comes more
 * than a round trip after the first overdue attempt was sent is a sign of life, whichever class it
 * is of; where light calls wait behind traces only the traces are answered for a while. And one
 * that swallows a part of its calls answers the others <i>promptly</i>: overtaken calls are lost,
 * not waiting. So silence is a queue while
 *
 * <pre>  answers >= silent / 5,  the last came within half a second,  at most half were prompt.
 * </pre>
 *
 * <p>Where only other classes are answered that holds for three seconds: what never answers light
 * calls is of no use to them, alive or not.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class SignsOfLife {
  private static final long GAP_NANOS = 500_000_000L;
  private static final long OTHERS_NANOS = 3_000_000_000L;
  private static final long WORTH = 5;

  private long own;
  private long prompt;
  private long others;
  private long lastNanos;
  private boolean hasBegun;

  /** Answers came: of the group in question, how many of them promptly, and of other groups. */
  void add(long ofGroup, long promptOnes, long ofOthers, long nowNanos) {
    hasBegun = true;
    own += ofGroup;
    prompt += promptOnes;
    others += ofOthers;
    lastNanos = ofGroup + ofOthers > 0 ? nowNanos : lastNanos;
  }

  /** Whether so many silent attempts wait in a queue. */
  boolean isQueue(long silent, long sinceNanos, long nowNanos) {
    long all = own + others;
    boolean isAlive = all > 0 && WORTH * all >= silent && nowNanos - lastNanos < GAP_NANOS;
    boolean isOfUse = own > 0 || nowNanos - sinceNanos < OTHERS_NANOS;
    return isAlive && isOfUse && 2 * prompt <= own;
  }

  /** Whether anything has been added. */
  boolean hasBegun() {
    return hasBegun;
  }

  void clear() {
    hasBegun = false;
    own = 0;
    prompt = 0;
    others = 0;
  }
}
