package io.fairlead.gateway.cache;

import java.util.Locale;

/** Why a kept answer was dropped. */
public enum EvictionReason {
  /** Room was needed. */
  SIZE,
  /** It was good for one head, and there is another. */
  HEAD,
  /** Its block is not canonical any more. */
  REORGANISED,
  /** Its block is finalized now: it is asked for once more, and then kept for good. */
  SETTLED,
  /** Somebody acted on a node's chain or clock, so nothing that was known need hold. */
  CLEARED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in metrics. */
  public String label() {
    return label;
  }
}
