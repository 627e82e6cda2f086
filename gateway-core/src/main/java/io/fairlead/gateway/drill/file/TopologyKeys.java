package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.FieldTypes;
import io.fairlead.gateway.config.UpstreamConfig.Capacity;
import io.fairlead.gateway.config.UpstreamConfig.Kind;
import io.fairlead.gateway.config.UpstreamConfig.Place;
import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.ListType;
import io.fairlead.gateway.config.yaml.MapType;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.ValueType;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.sim.scenario.Path;
import io.fairlead.routing.sim.scenario.SimUpstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of a world that is described in the scenario itself. */
final class TopologyKeys {
  private static final ValueType<Long> RTT_TYPE = DrillTypes.nanos("0ms", "10s");

  private static final Key<Optional<String>> ID =
      Key.optional("id", FieldTypes.NAMED, "Its name; by default CLOUD-REGION-N.");
  private static final Key<Optional<String>> OWN_VENDOR =
      Key.optional("vendor", FieldTypes.NAMED, "Who runs it.");
  private static final Key<Map<String, String>> LABELS =
      Key.of(
          "labels",
          MapType.of(FieldTypes.LABEL_NAMES, 0, FieldTypes.NAMED),
          "{}",
          "Further failure domains.");
  private static final Key<Integer> WEIGHT =
      Key.of("weight", Scalars.whole(0, UpstreamSpec.MAX_WEIGHT), "100", "As in a configuration.");
  private static final Key<Integer> TIER =
      Key.of("tier", Scalars.whole(0, 99), "0", "As in a configuration.");
  private static final Key<Optional<Integer>> MAX_CONCURRENCY =
      Key.optional("maxConcurrency", Scalars.whole(1, 1_000_000), "As in a configuration.");
  private static final Key<Optional<Long>> OWN_RTT =
      Key.optional("rtt", RTT_TYPE, "Its round trip, if not the region's.");

  private static final Section<Member> MEMBER =
      Section.of(
          joined(
              List.of(ID, OWN_VENDOR, LABELS, WEIGHT, TIER, MAX_CONCURRENCY, OWN_RTT),
              Machines.KEYS_OF_ONE),
          TopologyKeys::member);

  private static final Key<String> CLOUD =
      Key.required("cloud", FieldTypes.NAMED, "The outer failure domain.");
  private static final Key<String> REGION =
      Key.required("region", FieldTypes.NAMED, "The inner failure domain.");
  private static final Key<List<String>> VENDORS =
      Key.of(
          "vendors",
          new ListType<>(FieldTypes.NAMED, 0),
          "[]",
          "Who runs the upstreams, in turn; a failure domain across clouds.");
  private static final Key<Long> RTT =
      Key.required("rtt", RTT_TYPE, "One round trip between the gateway and the region.");
  private static final Key<List<Member>> UPSTREAMS =
      Key.required("upstreams", new Members(), "How many, or a list of them.");
  private static final Section<Region> REGION_SECTION =
      Section.of(
          joined(List.of(CLOUD, REGION, VENDORS, RTT, UPSTREAMS), Machines.KEYS),
          TopologyKeys::region);

  private static final Key<Double> JITTER =
      Key.of("jitter", Scalars.share("0%"), "10%", "How much each way of a round trip varies.");
  private static final Key<Long> BLOCK_TIME =
      Key.of("blockTime", DrillTypes.nanos("10ms", "24h"), "12s", "From one block to the next.");
  private static final Key<List<Located<Region>>> REGIONS =
      Key.required("regions", new ListType<>(Located.of(REGION_SECTION), 1), "Where nodes stand.");

  /** The section. */
  static final Section<Draft> TOPOLOGY =
      Section.of(joined(List.of(BLOCK_TIME, JITTER, REGIONS), Machines.KEYS), v -> draft(v))
          .checkedBy((values, section, at) -> refuseRepeatedIds(values));

  private TopologyKeys() {}

  /**
   * A world whose ids may still be taken twice.
   *
   * @param upstreams in the file's order
   * @param blockTimeNanos from one block to the next
   */
  record Draft(List<SimUpstream> upstreams, long blockTimeNanos) {}

  private record Member(
      Optional<String> id,
      Optional<String> vendor,
      Map<String, String> labels,
      Capacity capacity,
      Optional<Long> rttNanos,
      Machines machines) {
    static final Member PLAIN =
        new Member(
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Capacity.DEFAULT,
            Optional.empty(),
            Machines.UNSAID);
  }

  private record Region(
      String cloud, String region, List<String> vendors, long rttNanos, Crew crew) {
    String id(int n) {
      return crew.members().get(n).id().orElse(cloud + "-" + region + "-" + (n + 1));
    }

    SimUpstream upstream(int n, Machines around, double jitter) {
      Member member = crew.members().get(n);
      Optional<String> vendor =
          member.vendor().or(() -> vendors.isEmpty() ? Optional.empty() : Optional.of(turn(n)));
      Place place = new Place(cloud, region, vendor, member.labels(), Kind.HYPERSCALER);
      Capacity capacity = member.capacity();
      UpstreamSpec spec =
          new UpstreamSpec(
              id(n),
              place.domains(),
              capacity.weight(),
              capacity.tier(),
              capacity.maxConcurrency().orElse(Integer.MAX_VALUE));
      Path path = new Path(member.rttNanos().orElse(rttNanos) / 1e6, jitter);
      Machines machines = member.machines().orElse(crew.machines()).orElse(around);
      return new SimUpstream(spec, path, machines.server(n));
    }

    private String turn(int n) {
      return vendors.get(n % vendors.size());
    }
  }

  private record Crew(List<Member> members, Machines machines) {}

  private static Member member(Values v) {
    OptionalInt limit = v.get(MAX_CONCURRENCY).map(OptionalInt::of).orElse(OptionalInt.empty());
    return new Member(
        v.get(ID),
        v.get(OWN_VENDOR),
        v.get(LABELS),
        new Capacity(v.get(WEIGHT), v.get(TIER), limit),
        v.get(OWN_RTT),
        Machines.ofOne(v));
  }

  private static Region region(Values v) {
    Crew crew = new Crew(v.get(UPSTREAMS), Machines.of(v));
    return new Region(v.get(CLOUD), v.get(REGION), v.get(VENDORS), v.get(RTT), crew);
  }

  private static Draft draft(Values v) {
    List<SimUpstream> upstreams = new ArrayList<>();
    Machines around = Machines.of(v);
    for (Located<Region> region : v.get(REGIONS)) {
      for (int n = 0; n < region.value().crew().members().size(); n++) {
        upstreams.add(region.value().upstream(n, around, v.get(JITTER)));
      }
    }
    return new Draft(upstreams, v.get(BLOCK_TIME));
  }

  private static void refuseRepeatedIds(Values values) {
    Map<String, Integer> lines = new HashMap<>();
    for (Located<Region> region : values.find(REGIONS).orElse(List.of())) {
      for (int n = 0; n < region.value().crew().members().size(); n++) {
        String id = region.value().id(n);
        Integer first = lines.putIfAbsent(id, region.node().position().line());
        if (first != null) {
          String rule = "an id of its own; a region on line " + first + " has it";
          region.refuse("upstreams", id + " again", rule);
        }
      }
    }
  }

  private static List<Key<?>> joined(List<Key<?>> first, List<Key<?>> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** A number of plain upstreams, or a list of described ones. */
  private static final class Members implements ValueType<List<Member>> {
    private static final ValueType<Integer> COUNT = Scalars.whole(1, 1000);
    private static final ValueType<List<Member>> LIST = new ListType<>(MEMBER, 1);

    @Override
    public @Nullable List<Member> read(YamlNode node, Reading at) {
      if (node instanceof YamlNode.Sequence) {
        return LIST.read(node, at);
      }
      Integer count = COUNT.read(node, at);
      return count == null ? null : IntStream.range(0, count).mapToObj(n -> Member.PLAIN).toList();
    }

    @Override
    public String expected() {
      return COUNT.expected() + ", or a list";
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("anyOf", List.of(COUNT.schema(), LIST.schema()));
    }

    @Override
    public Stream<KeyDoc> keyDocs(String path) {
      return LIST.keyDocs(path);
    }
  }
}
