package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A poll of a filter of blocks: the hashes between the position and the head, one block after the
 * other, each of which must follow on the one before by its parent's hash.
 *
 * <p>At most {@link #MOST_BLOCKS} are told at once, fewer if they come slowly; what lies beyond is
 * told at the next poll.
 */
final class BlockPoll extends ChainPoll {
  static final int MOST_BLOCKS = 64;

  private final BlockFilter filter;

  BlockPoll(Call call, CallMessage message, AnswerSink sink, BlockFilter filter) {
    super(call, message, sink, filter, filter.position());
    this.filter = filter;
  }

  @Override
  void collect(BlockRef ancestor, BlockRef head) {
    next(ancestor, head, new ArrayList<>());
  }

  private void next(BlockRef ancestor, BlockRef head, List<BlockRef> found) {
    long number = ancestor.number() + 1 + found.size();
    if (number == head.number()) {
      add(ancestor, head, found, head);
    } else if (number > head.number() || isEnough(found)) {
      tell(ancestor, found);
    } else {
      askBlock(hex(number), block -> add(ancestor, head, found, block));
    }
  }

  /**
   * What was found is told before the call's time is up, or a slow upstream would hold it for ever.
   */
  private boolean isEnough(List<BlockRef> found) {
    boolean isHalfTime = nanoTime() - call().startNanos() > call().remainingNanos();
    return found.size() >= MOST_BLOCKS || (isHalfTime && !found.isEmpty());
  }

  private void add(
      BlockRef ancestor, BlockRef head, List<BlockRef> found, @Nullable BlockRef block) {
    boolean isFirst = found.isEmpty();
    String before = isFirst ? ancestor.hash() : found.get(found.size() - 1).hash();
    boolean mayBeginAnew = isFirst && ancestor.equals(filter.position().stations().getFirst());
    if (block == null || !(block.parentHash().equals(before) || mayBeginAnew)) {
      runAgain();
      return;
    }
    found.add(block);
    next(ancestor, head, found);
  }

  private void tell(BlockRef ancestor, List<BlockRef> found) {
    filter.position().move(ancestor, found);
    answerArray(found.stream().map(block -> '"' + block.hash() + '"').toList());
  }
}
