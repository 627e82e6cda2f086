package io.fairlead.gateway.config;

import io.fairlead.gateway.config.VerifyConfig.Unconfirmed;
import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.OrOff;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The keys of a chain's {@code verify}. */
final class VerifyKeys {
  private static final Key<Integer> QUORUM =
      Key.of(
          "quorum",
          Scalars.whole(2, 5),
          "2",
          "How many upstreams that share no failure domain must give the same.");
  private static final Key<List<String>> METHODS =
      Key.of(
          "methods",
          FieldTypes.PATTERNS,
          "[\"" + String.join("\", \"", VerifyConfig.DEFAULT.methods()) + "\"]",
          "Which methods are cross-checked, where a call fixes the block.");
  private static final Key<Unconfirmed> UNCONFIRMED =
      Key.of(
          "unconfirmed",
          Scalars.word(
              new TreeMap<>(Map.of("refuse", Unconfirmed.REFUSE, "answer", Unconfirmed.ANSWER))),
          "refuse",
          "What becomes of an answer that too few confirm and no trusted upstream speaks to.");

  /** The section's key. */
  static final Key<Optional<VerifyConfig>> VERIFY =
      Key.of(
          "verify",
          new OrOff<>(
              Section.of(
                  List.of(QUORUM, METHODS, UNCONFIRMED),
                  v -> new VerifyConfig(v.get(QUORUM), v.get(METHODS), v.get(UNCONFIRMED)))),
          "{}",
          "Cross-checking of answers of community upstreams; off turns it off.");

  private VerifyKeys() {}

  /**
   * Refuses a quorum that the chain's failure domains can never make; where nobody wrote one, warns
   * that nothing is cross-checked.
   */
  static void check(
      Optional<VerifyConfig> verify,
      List<UpstreamConfig> upstreams,
      YamlNode.Mapping chain,
      Reading at) {
    if (verify.isEmpty() || VerifyConfig.community(upstreams).isEmpty()) {
      return;
    }
    int voices = VerifyConfig.voices(upstreams);
    int quorum = verify.get().quorum();
    if (voices >= quorum) {
      return;
    }
    String rule = "at most " + voices + ": so many of the upstreams share no failure domain";
    Optional<YamlNode> written = chain.find(VERIFY.name());
    if (written.isEmpty()) {
      at.key(VERIFY.name())
          .warn(
              chain.position(),
              "none (expected: upstreams of "
                  + quorum
                  + " failure domains, so that community answers can be cross-checked; they are"
                  + " not)");
    } else {
      YamlNode node =
          written.get() instanceof YamlNode.Mapping section
              ? section.find(QUORUM.name()).orElse(section)
              : written.get();
      at.key(VERIFY.name()).key(QUORUM.name()).refuse(node, "" + quorum, rule);
    }
  }
}
