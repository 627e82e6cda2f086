package io.fairlead.gateway.call;

/**
 * What one upstream's answer weighs among those of others that were asked the same.
 *
 * @param kind what is to be done with it
 * @param rank the higher is kept; of two alike the first
 */
public record Vote(Kind kind, long rank) {
  /** An answer that ends the question. */
  public static final Vote DECIDES = new Vote(Kind.DECIDES, Long.MAX_VALUE);

  /** An answer that is as good as none. */
  public static final Vote NOTHING = new Vote(Kind.ELSEWHERE, -1);

  /** What is to be done with an answer. */
  public enum Kind {
    /** It is the answer. */
    DECIDES,
    /** It is the answer unless another is better; nobody else need be asked. */
    STANDS,
    /** Somebody else may do better and is asked; with a rank below 0 it is not even kept. */
    ELSEWHERE
  }
}
