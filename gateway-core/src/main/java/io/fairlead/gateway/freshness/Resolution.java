package io.fairlead.gateway.freshness;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.client.HeadTag;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a call: perhaps another message, and the terms of its answer.
 *
 * @param terms what is needed
 * @param message what is asked instead, owned by whoever asks it; null for the client's own
 * @param tag which floor a result from the resolved block raises
 * @param resolved the height that stands for a tag, -1 if none was replaced
 * @param isBlind whether the newest state is read without anybody knowing its block
 */
record Resolution(
    Terms terms, @Nullable CallMessage message, HeadTag tag, long resolved, boolean isBlind) {
  /** The client's own message, asked on terms. */
  static Resolution asItIs(Terms terms) {
    return new Resolution(terms, null, HeadTag.LATEST, -1, false);
  }

  /** The client's own message about the newest state. */
  static Resolution blind(Terms terms) {
    return new Resolution(terms, null, HeadTag.LATEST, -1, true);
  }
}
