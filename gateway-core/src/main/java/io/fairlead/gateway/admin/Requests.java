package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.ExplainUpstreamRequest;
import io.fairlead.admin.v1.RestoreRequest;
import io.fairlead.admin.v1.SetWeightRequest;
import io.fairlead.gateway.control.Action;
import io.fairlead.gateway.control.Order;
import io.fairlead.gateway.control.Signature;
import io.fairlead.routing.control.Target;
import java.time.Duration;
import java.util.Optional;

/** Turns requests from the wire into checked values; what breaks a rule throws its message. */
final class Requests {
  private static final String LOCAL = "local";
  private static final int MAX_NAME_LENGTH = 300;
  private static final int MAX_EVENTS = 10_000;
  private static final int DEFAULT_EVENTS = 100;

  private Requests() {}

  static Order toOrder(SetWeightRequest request) {
    if (!request.hasWeight()) {
      throw new IllegalArgumentException("weight: absent (expected: 0 to 10000)");
    }
    return new Order(
        target(request.getTarget(), request.getChain()),
        new Action.Weight(request.getWeight()),
        request.hasTtl() ? Optional.of(ttl(request.getTtl())) : Optional.empty(),
        signature(request.getAuthor(), request.getReason()));
  }

  static Order toOrder(DrainRequest request) {
    return new Order(
        target(request.getTarget(), request.getChain()),
        new Action.Drain(),
        request.hasTtl() ? Optional.of(ttl(request.getTtl())) : Optional.empty(),
        signature(request.getAuthor(), request.getReason()));
  }

  static Target target(RestoreRequest request) {
    return target(request.getTarget(), request.getChain());
  }

  /** The id of one upstream, and of no domain. */
  static Target upstream(ExplainUpstreamRequest request) {
    Target target = target(request.getUpstream(), request.getChain());
    if (!target.kind().equals(Target.UPSTREAM)) {
      throw new IllegalArgumentException(
          "upstream: " + request.getUpstream() + " (expected: the id of one upstream)");
    }
    return target;
  }

  /** The token's author, else the request's, else {@code local}. */
  static Signature signature(String author, String reason) {
    return new Signature(TokenGate.author().orElse(author.isEmpty() ? LOCAL : author), reason);
  }

  static int limit(int limit) {
    return limit == 0 ? DEFAULT_EVENTS : checkedCount("limit", limit);
  }

  static int checkedCount(String field, int count) {
    if (count < 0 || count > MAX_EVENTS) {
      throw new IllegalArgumentException(field + ": " + count + " (expected: 0 to 10000)");
    }
    return count;
  }

  static Target target(String target, String chain) {
    return Target.parse(checkedName("target", target)).withChain(checkedName("chain", chain));
  }

  private static String checkedName(String field, String name) {
    if (name.length() > MAX_NAME_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          field + ": " + name.length() + " characters (expected: up to 300, none of them control)");
    }
    return name;
  }

  private static Duration ttl(com.google.protobuf.Duration ttl) {
    if (ttl.getSeconds() < 0 || ttl.getNanos() < 0) {
      throw new IllegalArgumentException("ttl: negative (expected: more than 0)");
    }
    return Duration.ofSeconds(ttl.getSeconds(), ttl.getNanos());
  }
}
