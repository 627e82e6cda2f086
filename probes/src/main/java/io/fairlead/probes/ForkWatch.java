package io.fairlead.probes;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers which blocks were seen at the last heights, and notices a second one. */
final class ForkWatch {
  private static final int HEIGHTS = 128;
  private static final int BLOCKS_PER_HEIGHT = 8;

  /** By height, the longest unseen first: hash to the upstream that told of it first. */
  private final Map<Long, Map<String, String>> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Map<String, String>> eldest) {
          return size() > HEIGHTS;
        }
      };

  /** Notes a head; returns a fork when it is a further block at its height, the first time only. */
  @Nullable Fork onHead(String id, Head head) {
    if (!head.hasHash()) {
      return null;
    }
    Map<String, String> blocks =
        seen.computeIfAbsent(head.number(), number -> new LinkedHashMap<>());
    if (blocks.containsKey(head.hash()) || blocks.size() >= BLOCKS_PER_HEIGHT) {
      return null;
    }
    blocks.put(head.hash(), id);
    Map.Entry<String, String> first = blocks.entrySet().iterator().next();
    return blocks.size() == 1
        ? null
        : new Fork(head.number(), id, head.hash(), first.getValue(), first.getKey());
  }
}
