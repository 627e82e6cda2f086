package io.fairlead.gateway.capability;

import io.fairlead.gateway.control.KnownGap;
import io.fairlead.gateway.control.KnownGap.Sort;
import io.fairlead.gateway.jsonrpc.method.DataKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one upstream's gaps.
 *
 * @param methods by name
 * @param data by kind
 */
record Holding(Map<String, Gap> methods, Map<DataKind, Gap> data) {
  static final Holding WHOLE = new Holding(Map.of(), Map.of());

  Holding {
    methods = Map.copyOf(methods);
    data = Map.copyOf(data);
  }

  boolean isWhole() {
    return methods.isEmpty() && data.isEmpty();
  }

  boolean lacksMethod(Need need, long nowNanos) {
    Gap method = methods.get(need.method());
    return method != null && method.isBelieved(nowNanos);
  }

  boolean lacksData(Need need, long nowNanos) {
    Gap gap = data.get(need.kind());
    return gap != null && gap.covers(need.block(), nowNanos);
  }

  Holding withMethod(String name, @Nullable Gap gap) {
    Map<String, Gap> changed = new HashMap<>(methods);
    put(changed, name, gap);
    return new Holding(changed, data);
  }

  Holding withData(DataKind kind, @Nullable Gap gap) {
    Map<DataKind, Gap> changed = new EnumMap<>(DataKind.class);
    changed.putAll(data);
    put(changed, kind, gap);
    return new Holding(methods, changed);
  }

  /** Without methods that are not believed to be missing any more. */
  Holding tidy(long nowNanos) {
    Map<String, Gap> changed = new HashMap<>(methods);
    changed.values().removeIf(gap -> !gap.isBelieved(nowNanos));
    return new Holding(changed, data);
  }

  /** What is believed now, data first, by name. */
  List<KnownGap> known(long nowNanos) {
    List<KnownGap> known = new ArrayList<>();
    data.forEach((kind, gap) -> known.add(gap.toKnown(Sort.DATA, kind.word(), nowNanos)));
    methods.forEach((name, gap) -> known.add(gap.toKnown(Sort.METHOD, name, nowNanos)));
    known.removeIf(gap -> gap.left().isZero());
    known.sort(Comparator.comparing(KnownGap::sort).thenComparing(KnownGap::name));
    return List.copyOf(known);
  }

  private static <K> void put(Map<K, Gap> map, K key, @Nullable Gap gap) {
    if (gap == null) {
      map.remove(key);
    } else {
      map.put(key, gap);
    }
  }
}
