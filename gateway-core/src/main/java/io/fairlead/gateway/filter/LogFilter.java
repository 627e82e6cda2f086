package io.fairlead.gateway.filter;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonMembers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A filter of logs: the criteria, the position, and the logs told of lately, which would have to be
 * taken back if their blocks left the chain.
 *
 * <p>Bounds: {@link #TOLD_BYTES} of such logs. Where they are forgotten, the position forgets the
 * blocks before them too, so that nothing is ever told again; only the taking back is lost.
 *
 * <p>Thread-safety: see {@link Filter}.
 */
final class LogFilter extends Filter {
  static final int TOLD_BYTES = 32 * 1024;

  /** The most blocks that a poll asks for. */
  static final long MOST_BLOCKS = 1024;

  private static final int OWN_BYTES = 8 * 1024;
  private static final Pattern ADDRESS = Pattern.compile("\"0[xX][0-9a-fA-F]{40}\"");
  private static final Pattern TOPIC = Pattern.compile("\"0[xX][0-9a-fA-F]{64}\"");

  private final Criteria criteria;
  private final ChainPosition position;
  private final ArrayDeque<ToldLog> told = new ArrayDeque<>();
  private int toldBytes;
  private long span = MOST_BLOCKS;

  /**
   * What logs are wanted.
   *
   * @param whole the filter object as the client wrote it
   * @param what the members {@code address} and {@code topics}, each after a comma
   * @param fromBlocks the first block, 0 for no bound
   * @param toBlocks the last block, {@link Long#MAX_VALUE} for no bound
   */
  record Criteria(String whole, String what, long fromBlocks, long toBlocks) {
    /**
     * Reads a filter object.
     *
     * @return null if a node would refuse it
     */
    static @Nullable Criteria of(ByteBuf filter) {
      if (!JsonMembers.isObject(filter)) {
        return null;
      }
      String address = JsonMembers.raw(filter, "address");
      String topics = JsonMembers.raw(filter, "topics");
      if (!isListOf(address, ADDRESS) || !areTopics(topics)) {
        return null;
      }
      long from = bound(JsonMembers.raw(filter, "fromBlock"), 0);
      long to = bound(JsonMembers.raw(filter, "toBlock"), Long.MAX_VALUE);
      if (from < 0 || to < 0 || from > to) {
        return null;
      }
      String what =
          (address == null ? "" : ",\"address\":" + address)
              + (topics == null ? "" : ",\"topics\":" + topics);
      return new Criteria(filter.toString(StandardCharsets.UTF_8), what, from, to);
    }

    private static boolean areTopics(@Nullable String topics) {
      if (topics == null || topics.equals("null")) {
        return true;
      }
      if (topics.charAt(0) != '[') {
        return false;
      }
      List<ByteBuf> positions = JsonMembers.elements(JsonMembers.ascii(topics));
      return positions.size() <= 4
          && positions.stream().allMatch(p -> isListOf(p.toString(StandardCharsets.UTF_8), TOPIC));
    }

    private static boolean isListOf(@Nullable String value, Pattern element) {
      if (value == null || value.equals("null") || element.matcher(value).matches()) {
        return true;
      }
      return value.charAt(0) == '['
          && JsonMembers.elements(JsonMembers.ascii(value)).stream()
              .map(e -> e.toString(StandardCharsets.UTF_8))
              .allMatch(e -> e.equals("null") || element.matcher(e).matches());
    }

    private static long bound(@Nullable String written, long open) {
      if (written == null || written.equals("null")) {
        return open;
      }
      return switch (written) {
        case "\"latest\"", "\"pending\"", "\"safe\"", "\"finalized\"" -> open;
        case "\"earliest\"" -> 0;
        default ->
            written.length() < 4
                ? -1
                : HexQuantity.parse(JsonMembers.ascii(written), 1, written.length() - 2);
      };
    }
  }

  /** A filter of what comes after a block. */
  LogFilter(Criteria criteria, BlockRef after, long nowNanos) {
    super(nowNanos);
    this.criteria = criteria;
    this.position = new ChainPosition(after);
  }

  Criteria criteria() {
    return criteria;
  }

  ChainPosition position() {
    return position;
  }

  /** How many blocks the next poll asks for at the most. */
  long span() {
    return span;
  }

  /** A poll of so many blocks came to nothing: the next one asks for fewer, so that it may not. */
  void onFailed(long blocks) {
    span = Math.max(1, Math.min(span, blocks) / 2);
  }

  /**
   * What a client that was told of the logs so far has to be told now.
   *
   * @param ancestor the last block that is still in the chain
   * @param found all logs behind it
   * @return logs that are taken back, then new ones, as JSON
   */
  List<String> changes(BlockRef ancestor, List<ToldLog> found) {
    List<String> changes = new ArrayList<>();
    for (ToldLog log : told) {
      if (log.block() > ancestor.number() && found.stream().noneMatch(log::isSame)) {
        changes.add(log.toRemoved());
      }
    }
    for (ToldLog log : found) {
      if (told.stream().noneMatch(log::isSame)) {
        changes.add(log.json());
      }
    }
    return changes;
  }

  /** The client was told. */
  void onTold(BlockRef ancestor, List<ToldLog> found, BlockRef upTo) {
    span = Math.min(MOST_BLOCKS, span * 2);
    position.move(ancestor, List.of(upTo));
    while (!told.isEmpty() && told.getLast().block() > ancestor.number()) {
      toldBytes -= told.removeLast().json().length();
    }
    for (ToldLog log : found) {
      told.addLast(log);
      toldBytes += log.json().length();
    }
    while (toldBytes > TOLD_BYTES) {
      ToldLog forgotten = told.removeFirst();
      toldBytes -= forgotten.json().length();
      position.forgetBefore(forgotten.block());
    }
    BlockRef oldest = position.stations().getFirst();
    while (!told.isEmpty() && told.getFirst().block() <= oldest.number()) {
      toldBytes -= told.removeFirst().json().length();
    }
  }

  @Override
  int weightBytes() {
    return OWN_BYTES + TOLD_BYTES + criteria.whole().length() + criteria.what().length();
  }
}
