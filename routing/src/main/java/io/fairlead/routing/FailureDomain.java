package io.fairlead.routing;

import java.util.Objects;

/**
 * A shared cause of failure that upstreams may belong to: a cloud, a region, a vendor or an
 * operator's own label.
 *
 * <p>Written {@code kind:name}: {@code cloud:aws}, {@code region:aws/us-east-1}, {@code
 * vendor:acme}, {@code asn:16509}.
 *
 * @param kind {@code cloud}, {@code region}, {@code vendor} or a label's key
 * @param name the domain's name, unique within its kind
 */
public record FailureDomain(String kind, String name) {
  /** The outer failure domain. */
  public static final String CLOUD = "cloud";

  /** The inner failure domain; its name carries the cloud's. */
  public static final String REGION = "region";

  /** Who runs the node, across clouds. */
  public static final String VENDOR = "vendor";

  /** Checks that both parts say something. */
  public FailureDomain {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    if (kind.isBlank() || kind.indexOf(':') >= 0) {
      throw new IllegalArgumentException("kind: '" + kind + "' (expected: a word without ':')");
    }
    if (name.isBlank()) {
      throw new IllegalArgumentException("name: '" + name + "' (expected: a name)");
    }
  }

  /**
   * The domain of a whole cloud.
   *
   * @param cloud the cloud's name
   * @return the domain
   */
  public static FailureDomain cloud(String cloud) {
    return new FailureDomain(CLOUD, cloud);
  }

  /**
   * The domain of one region of a cloud.
   *
   * @param cloud the cloud's name
   * @param region the region's name within the cloud
   * @return the domain
   */
  public static FailureDomain region(String cloud, String region) {
    return new FailureDomain(REGION, cloud + "/" + region);
  }

  @Override
  public String toString() {
    return kind + ":" + name;
  }
}
