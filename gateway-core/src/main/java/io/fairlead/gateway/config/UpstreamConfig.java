package io.fairlead.gateway.config;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One upstream as the operator describes it.
 *
 * @param id unique within the chain
 * @param endpoint how to reach it
 * @param place which failure domains it belongs to
 * @param capacity how much traffic it is meant for
 * @param methods which methods it serves
 */
public record UpstreamConfig(
    String id, Endpoint endpoint, Place place, Capacity capacity, MethodRules methods) {
  /** The cloud or region of an upstream whose operator named none; no failure domain. */
  public static final String UNKNOWN = "unknown";

  /**
   * How to reach an upstream.
   *
   * @param url JSON-RPC over HTTP
   * @param ws JSON-RPC over WebSocket
   * @param headers sent with every request, by name, in the file's order
   * @param allowsLinkLocal whether its host may be a link-local or metadata address
   * @param sharing how calls may share a connection
   */
  public record Endpoint(
      UpstreamUrl url,
      Optional<UpstreamUrl> ws,
      Map<String, Secret> headers,
      boolean allowsLinkLocal,
      Sharing sharing) {
    /** Copies the headers. */
    public Endpoint {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
  }

  /**
   * How calls may share a connection to an upstream.
   *
   * @param pipelines whether brief calls may be sent behind each other over HTTP/1.1 without TLS
   * @param http2 when it is spoken to in HTTP/2
   * @param overWs whether brief calls may go over the WebSocket where that is cheaper
   */
  public record Sharing(boolean pipelines, Http2 http2, boolean overWs) {
    /** Every way that is known to work. */
    public static final Sharing DEFAULT = new Sharing(true, Http2.AUTO, true);
  }

  /**
   * Where an upstream stands, in terms of what can fail together.
   *
   * @param cloud the outer failure domain, or {@link #UNKNOWN}
   * @param region the inner failure domain, or {@link #UNKNOWN}
   * @param vendor who runs the node
   * @param labels further failure domains: kind to name, in the file's order
   * @param kind what sort of place it is
   */
  public record Place(
      String cloud, String region, Optional<String> vendor, Map<String, String> labels, Kind kind) {
    /** Nothing known. */
    public static final Place NOWHERE =
        new Place(UNKNOWN, UNKNOWN, Optional.empty(), Map.of(), Kind.HYPERSCALER);

    /** Copies the labels. */
    public Place {
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /**
     * The failure domains, the smallest first. What is unknown is no domain: it says nothing of a
     * shared cause.
     *
     * @return region, cloud, vendor, labels, as far as they are known
     */
    public List<FailureDomain> domains() {
      List<FailureDomain> domains = new ArrayList<>();
      if (!region.equals(UNKNOWN)) {
        domains.add(FailureDomain.region(cloud, region));
      }
      if (!cloud.equals(UNKNOWN)) {
        domains.add(FailureDomain.cloud(cloud));
      }
      vendor.ifPresent(v -> domains.add(new FailureDomain(FailureDomain.VENDOR, v)));
      labels.forEach((kind, name) -> domains.add(new FailureDomain(kind, name)));
      return domains;
    }
  }

  /** When an upstream is spoken to in HTTP/2. */
  public enum Http2 {
    /** Over TLS, if it chooses it. */
    AUTO,
    /** Never. */
    OFF,
    /** Always. */
    PRIOR_KNOWLEDGE
  }

  /** What sort of place a node stands in. */
  public enum Kind {
    /** A large public cloud. */
    HYPERSCALER,
    /** A point of presence near the clients. */
    EDGE,
    /** A rented or owned machine. */
    BARE_METAL,
    /** Somebody's own machine, whose answers may be cross-checked. */
    COMMUNITY
  }

  /**
   * How much traffic an upstream is meant for.
   *
   * @param weight 0 to 10000, relative; 0 takes no new traffic
   * @param tier 0 first; a higher tier serves only what lower tiers cannot
   * @param maxConcurrency the most attempts in flight at once
   * @param tags what it is for; none: everything
   */
  public record Capacity(int weight, int tier, OptionalInt maxConcurrency, Set<Tag> tags) {
    /** Weight 100 in tier 0 without a limit. */
    public static final Capacity DEFAULT = new Capacity(100, 0, OptionalInt.empty());

    /** Copies the tags. */
    public Capacity {
      tags = Set.copyOf(tags);
    }

    /** The capacity of an upstream without tags. */
    public Capacity(int weight, int tier, OptionalInt maxConcurrency) {
      this(weight, tier, maxConcurrency, Set.of());
    }
  }

  /** What an upstream is for. */
  public enum Tag {
    /** Transactions that nobody else may see before they are mined, and nothing else. */
    PRIVATE
  }

  /**
   * Whether it is for private transactions alone.
   *
   * @return true with the tag
   */
  public boolean isPrivate() {
    return capacity.tags().contains(Tag.PRIVATE);
  }

  /**
   * An upstream of which only the address is known.
   *
   * @param id unique within the chain
   * @param url JSON-RPC over HTTP
   * @return the upstream, everything else at its default
   */
  public static UpstreamConfig of(String id, String url) {
    Endpoint endpoint =
        new Endpoint(UpstreamUrl.of(url), Optional.empty(), Map.of(), false, Sharing.DEFAULT);
    return new UpstreamConfig(id, endpoint, Place.NOWHERE, Capacity.DEFAULT, MethodRules.NONE);
  }

  UpstreamConfig withId(String ownId) {
    return new UpstreamConfig(ownId, endpoint, place, capacity, methods);
  }

  /**
   * This upstream elsewhere.
   *
   * @param place the place
   * @return a copy
   */
  public UpstreamConfig withPlace(Place place) {
    return new UpstreamConfig(id, endpoint, place, capacity, methods);
  }

  /**
   * This upstream with another capacity.
   *
   * @param capacity the capacity
   * @return a copy
   */
  public UpstreamConfig withCapacity(Capacity capacity) {
    return new UpstreamConfig(id, endpoint, place, capacity, methods);
  }

  /**
   * What routing needs to know.
   *
   * @return id, failure domains, weight, tier and limit
   */
  public UpstreamSpec toSpec() {
    return new UpstreamSpec(
        id,
        place.domains(),
        capacity.weight(),
        capacity.tier(),
        capacity.maxConcurrency().orElse(Integer.MAX_VALUE));
  }
}
