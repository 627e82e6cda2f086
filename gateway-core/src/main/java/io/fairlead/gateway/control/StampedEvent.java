package io.fairlead.gateway.control;

import io.fairlead.routing.control.RoutingEvent;
import java.time.Instant;

/**
 * An event with its place in the log.
 *
 * @param sequence grows by one with each event of the process, from 1
 * @param at when it was logged
 * @param event what happened
 */
public record StampedEvent(long sequence, Instant at, RoutingEvent event) {
  /**
   * Whether somebody who asks for one chain wants to see it.
   *
   * @param chain the chain, or empty for all
   * @return true for the chain's own events and those of the whole gateway
   */
  boolean concerns(String chain) {
    return chain.isEmpty() || event.chain().isEmpty() || event.chain().equals(chain);
  }
}
