package io.fairlead.gateway.call;

import io.fairlead.routing.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * Whom a question was put to in vain, and why, in words for the client.
 *
 * <p>Thread-safety: confined to the question's event loop. Bounds: the first {@link #MOST} attempts
 * are named.
 */
final class Trail {
  private static final int MOST = 8;

  private String text = "";
  private int noted;

  /** Remembers, for the client, if it comes to that, why an attempt did not help. */
  void note(Upstream upstream, String why) {
    if (noted++ < MOST) {
      text += (text.isEmpty() ? "; tried " : ", ") + upstream.id() + " (" + why + ")";
    }
  }

  /**
   * Why nobody can serve the question.
   *
   * @param question what was asked
   * @param isShed whether it was for want of room alone
   * @param lack what upstreams are known to lack; null if nothing
   */
  String nobody(Question question, boolean isShed, Holdings.@Nullable Lack lack) {
    return "no upstream of "
        + question.chain().name()
        + " can serve "
        + question.message().spec().name()
        + " now"
        + reason(question.demand().lacking(), isShed, lack)
        + text();
  }

  private static String reason(
      @Nullable String lacking, boolean isShed, Holdings.@Nullable Lack lack) {
    if (isShed) {
      return ": those that could are at their limits";
    }
    String demanded = lacking == null ? "" : ": " + lacking;
    return lack == null ? demanded : demanded + (demanded.isEmpty() ? ": " : "; ") + lack.text();
  }

  /**
   * That time was up.
   *
   * @param question what was asked
   * @param millis how long the call may take
   */
  String late(Question question, long millis) {
    return question.message().spec().name() + " was not answered within " + millis + " ms" + text();
  }

  private String text() {
    return noted <= MOST ? text : text + " and " + (noted - MOST) + " more";
  }
}
