package io.fairlead.gateway.stream;

import io.fairlead.gateway.feed.Header;

/**
 * Learns the heads of one upstream in one way.
 *
 * <p>Thread-safety: confined to the home loop.
 */
interface HeadSource {
  /** Begins. */
  void open();

  /** Ends; its listener hears nothing more. */
  void close();

  /** Hears one source. */
  interface Listener {
    /** Heads come from now on. */
    void onLive();

    /** The upstream says that this is its newest block; the same one may be said again. */
    void onHead(Header head);

    /**
     * No heads come for now; the source goes on trying.
     *
     * @param reason why
     */
    void onDown(String reason);

    /**
     * The upstream does not offer this.
     *
     * @param reason why
     */
    void onRefused(String reason);
  }
}
