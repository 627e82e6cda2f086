package io.fairlead.routing.evidence;

import org.HdrHistogram.Histogram;

/**
 * Takes what a lane's latency recorders hold since the last time. Control loop only.
 *
 * <p>Ownership: the histograms are lent for the call.
 */
public interface LatencySink {
  /**
   * Attempts that ended with a result.
   *
   * @param interval in microseconds
   */
  void onExact(Histogram interval);

  /**
   * Attempts that were cut off, with how long they had run: they would have taken longer.
   *
   * @param interval in microseconds
   */
  void onCensored(Histogram interval);
}
