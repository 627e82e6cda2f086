package io.fairlead.gateway.demo.world;

import io.fairlead.routing.FailureDomain;
import java.util.List;

/**
 * Where a simulated node stands and how fast it is.
 *
 * @param id its name, unique within the world
 * @param cloud its outer failure domain
 * @param region its inner failure domain, without the cloud's name
 * @param roundTripMillis network time between the gateway and it
 * @param slowness how many times longer than the usual node it works on a call
 */
public record NodeProfile(
    String id, String cloud, String region, double roundTripMillis, double slowness) {
  /** Checks the ranges. */
  public NodeProfile {
    if (!(roundTripMillis >= 0)) {
      throw new IllegalArgumentException(
          "roundTripMillis: " + roundTripMillis + " (expected: 0 or more)");
    }
    if (!(slowness > 0)) {
      throw new IllegalArgumentException("slowness: " + slowness + " (expected: more than 0)");
    }
  }

  /**
   * Nine nodes in four clouds as a gateway in Virginia sees them.
   *
   * @return the profiles
   */
  public static List<NodeProfile> nineInFourClouds() {
    return List.of(
        new NodeProfile("aws-1", "aws", "us-east-1", 1.5, 0.9),
        new NodeProfile("aws-2", "aws", "us-east-1", 1.8, 1.0),
        new NodeProfile("aws-3", "aws", "us-east-1", 2.2, 1.2),
        new NodeProfile("gcp-1", "gcp", "europe-west4", 82, 0.9),
        new NodeProfile("gcp-2", "gcp", "europe-west4", 83, 1.0),
        new NodeProfile("gcp-3", "gcp", "europe-west4", 85, 1.1),
        new NodeProfile("hetzner-1", "hetzner", "fsn1", 88, 0.7),
        new NodeProfile("hetzner-2", "hetzner", "fsn1", 90, 0.8),
        new NodeProfile("cloudflare-1", "cloudflare", "edge", 5, 1.6));
  }

  /**
   * Whether a failure domain holds it.
   *
   * @param domain a cloud or a region
   * @return true when it is a member
   */
  public boolean isIn(FailureDomain domain) {
    return domain.equals(FailureDomain.cloud(cloud))
        || domain.equals(FailureDomain.region(cloud, region));
  }
}
