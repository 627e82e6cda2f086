package io.fairlead.gateway.app;

import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.RoutingConfig;
import io.fairlead.gateway.config.Secret;
import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.gateway.config.UpstreamUrl;
import io.fairlead.gateway.upstream.Header;
import io.fairlead.gateway.upstream.Http2Use;
import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.probes.ProbePolicy;
import io.fairlead.routing.attempt.PursuitPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in the words of each part what the configuration says in its own. */
final class Policies {
  private Policies() {}

  static PursuitPolicy calls(RoutingConfig routing) {
    return new PursuitPolicy(
        routing.timeout().toNanos(), routing.retry().attempts(), routing.hedge().isPresent());
  }

  static ProbePolicy probes(FairleadConfig.Probes probes, ChainConfig.Identity chain) {
    return new ProbePolicy(
        probes.interval(), probes.timeout(), probes.dailyBudget(), chain.blockTime());
  }

  static UpstreamAddress address(UpstreamConfig upstream) {
    return address(upstream, upstream.endpoint().url());
  }

  static Http2Use http2(UpstreamConfig upstream) {
    return switch (upstream.endpoint().sharing().http2()) {
      case AUTO -> Http2Use.AUTO;
      case OFF -> Http2Use.OFF;
      case PRIOR_KNOWLEDGE -> Http2Use.PRIOR_KNOWLEDGE;
    };
  }

  /** Where an upstream pushes; null where it does not. */
  static @Nullable UpstreamAddress pushAddress(UpstreamConfig upstream) {
    return upstream.endpoint().ws().map(url -> address(upstream, url)).orElse(null);
  }

  private static UpstreamAddress address(UpstreamConfig upstream, UpstreamUrl url) {
    Map<String, Secret> named = upstream.endpoint().headers();
    List<Header> headers = new ArrayList<>();
    named.forEach((name, value) -> headers.add(new Header(name, value.reveal())));
    if (named.keySet().stream().noneMatch("authorization"::equalsIgnoreCase)) {
      url.basicAuthorization()
          .ifPresent(value -> headers.add(new Header("Authorization", value.reveal())));
    }
    HostPort to = url.address();
    return new UpstreamAddress(
        url.scheme(),
        to.host(),
        to.port(),
        url.target().reveal(),
        headers,
        upstream.endpoint().allowsLinkLocal());
  }
}
