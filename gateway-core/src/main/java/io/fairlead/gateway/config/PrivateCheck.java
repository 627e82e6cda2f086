package io.fairlead.gateway.config;

import io.fairlead.gateway.config.FairleadConfig.Transactions;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.YamlNode;
import java.util.Map;

/** Finds configurations in which private transactions would have nowhere to go. */
final class PrivateCheck {
  private PrivateCheck() {}

  static void look(
      Map<String, ChainConfig> chains,
      Transactions transactions,
      YamlNode.Mapping file,
      Reading at) {
    chains.forEach(
        (name, chain) -> {
          boolean hasPrivate = chain.upstreams().stream().anyMatch(UpstreamConfig::isPrivate);
          boolean hasOpen = chain.upstreams().stream().anyMatch(u -> !u.isPrivate());
          if (transactions.isPrivate() && !hasPrivate) {
            at.key("transactions")
                .key("private")
                .report(
                    file.locate("transactions", "private"),
                    "on, and no upstream of " + name + " has tags: [private] (expected: one)");
          }
          if (!transactions.isPrivate() && hasPrivate) {
            at.key("chains")
                .key(name)
                .warn(
                    file.locate("chains", name),
                    "its private upstreams get no raw transaction (expected: transactions.private:"
                        + " on)");
          }
          if (!hasOpen) {
            at.key("chains")
                .key(name)
                .warn(
                    file.locate("chains", name),
                    "all upstreams are private: nobody serves reads (expected: one without the"
                        + " tag)");
          }
        });
  }
}
