package io.fairlead.gateway.demo.view;

import io.fairlead.gateway.demo.load.LoadFigures;
import java.util.List;

/**
 * Everything that a view shows of one instant.
 *
 * @param seconds since the start
 * @param timeline when what happens
 * @param load the load's figures
 * @param places where traffic goes, by cloud and region
 * @param events why it moved, oldest first
 */
public record Frame(
    double seconds, Timeline timeline, LoadFigures load, List<Place> places, List<Event> events) {
  /** Copies the lists. */
  public Frame {
    places = List.copyOf(places);
    events = List.copyOf(events);
  }

  /**
   * A region of a cloud.
   *
   * @param cloud the cloud
   * @param region the region
   * @param share what the routing table gives to it, 0 to 1
   * @param requestsPerSecond what reaches its nodes, probes and retries included
   * @param fault what is wrong with it; empty when nothing is
   */
  public record Place(
      String cloud, String region, double share, double requestsPerSecond, String fault) {}

  /**
   * A change of routing.
   *
   * @param seconds since the start
   * @param text what and why
   */
  public record Event(double seconds, String text) {}

  /**
   * The act.
   *
   * @return by the timeline
   */
  public Phase phase() {
    return timeline.phaseAt(seconds);
  }
}
