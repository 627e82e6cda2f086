package io.fairlead.gateway.call;

import java.util.Locale;

/** What the cache had to do with a call. */
public enum CacheUse {
  /** It answered. */
  HIT,
  /** It had no answer, and may keep the one that came. */
  MISS,
  /** Another call under way asked the same and its answer served both. */
  COALESCED,
  /** Nothing. */
  BYPASS;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in headers and metrics. */
  public String label() {
    return label;
  }
}
