package io.fairlead.gateway.app;

import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.ListenConfig;
import io.fairlead.gateway.config.ListenConfig.Encryption;
import io.fairlead.gateway.config.UpstreamConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Says in lines what another configuration changes, without a secret. */
final class ConfigChanges {
  private ConfigChanges() {}

  /** A line for each change; what only a restart brings is named as such. */
  static List<String> between(FairleadConfig before, FairleadConfig after) {
    List<String> lines = new ArrayList<>();
    compare(lines, "chain ", before.chains(), after.chains());
    for (ChainConfig now : after.chains().values()) {
      ChainConfig then = before.chains().get(now.name());
      if (then != null) {
        compare(lines, "upstream " + now.name() + "/", byId(then), byId(now));
      }
    }
    if (!before.routing().equals(after.routing())) {
      lines.add("routing changed");
    }
    if (!before.services().equals(after.services())) {
      lines.add("limits, probes or other services changed");
    }
    if (!started(before.listen()).equals(started(after.listen()))
        || !before.admin().equals(after.admin())) {
      lines.add("listen or admin changed: takes effect with the next start");
    }
    return lines;
  }

  /** What of it holds from the start: all but the files of TLS. */
  private static List<Object> started(ListenConfig listen) {
    return List.of(
        listen.withEncryption(Encryption.NONE),
        listen.encryption().rpc().isPresent(),
        listen.encryption().admin().isPresent());
  }

  private static Map<String, UpstreamConfig> byId(ChainConfig chain) {
    return index(chain.upstreams(), UpstreamConfig::id);
  }

  private static <T> Map<String, T> index(List<T> values, Function<T, String> key) {
    Map<String, T> map = new LinkedHashMap<>();
    values.forEach(value -> map.put(key.apply(value), value));
    return map;
  }

  private static <T> void compare(
      List<String> lines, String what, Map<String, T> before, Map<String, T> after) {
    before.keySet().stream()
        .filter(name -> !after.containsKey(name))
        .forEach(name -> lines.add(what + name + " removed"));
    after.forEach(
        (name, value) -> {
          T then = before.get(name);
          if (then == null) {
            lines.add(what + name + " added");
          } else if (!then.equals(value)) {
            lines.add(what + name + " changed");
          }
        });
  }
}
