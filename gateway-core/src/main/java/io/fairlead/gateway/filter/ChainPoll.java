package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A poll of what has happened in the chain since a position.
 *
 * <p><b>Steps.</b> It asks for the newest block, as the client would, so that it sees the chain no
 * older than the client was told. If that block follows on the position (by parent's hash, or, if
 * there are blocks between, because the position's own block is still the one at its height), what
 * is new lies between. If not, the chain has been reorganised, and the stations of the position are
 * asked for, the newest first, until one is found still in the chain. If the newest block is below
 * the position, nothing is told until the chain has caught up.
 *
 * <p>The position moves only when the client is given the answer: a poll that fails on the way has
 * lost nothing.
 *
 * <p>Cost: one block for each poll; one more if several blocks are new; in a reorganisation one for
 * each station that is gone.
 */
abstract class ChainPoll extends Poll {
  private static final int MOST_TRIES = 3;

  private final Filter filter;
  private final ChainPosition position;
  private int tries;

  ChainPoll(Call call, CallMessage message, AnswerSink sink, Filter filter, ChainPosition at) {
    super(call, message, sink);
    this.filter = filter;
    this.position = at;
  }

  /** The chain goes on behind a block up to its head. */
  abstract void collect(BlockRef ancestor, BlockRef head);

  @Override
  void onEnded() {
    filter.end();
  }

  @Override
  void run() {
    askBlock("latest", this::onHead);
  }

  /** What came does not fit together, because the chain was changing: once more, a few times. */
  final void runAgain() {
    tries++;
    if (tries < MOST_TRIES) {
      run();
    } else {
      answerArray(List.of());
    }
  }

  private void onHead(@Nullable BlockRef head) {
    BlockRef at = position.block();
    if (head == null || head.number() < at.number() || head.hash().equals(at.hash())) {
      answerArray(List.of());
    } else if (head.number() == at.number()) {
      goBack(head);
    } else if (head.number() == at.number() + 1) {
      if (head.parentHash().equals(at.hash())) {
        collect(at, head);
      } else {
        goBack(head);
      }
    } else {
      askBlock(hex(at.number()), there -> onOwnHeight(at, head, there));
    }
  }

  private void onOwnHeight(BlockRef at, BlockRef head, @Nullable BlockRef there) {
    if (there == null) {
      answerArray(List.of());
    } else if (there.hash().equals(at.hash())) {
      collect(at, head);
    } else {
      goBack(head);
    }
  }

  private void goBack(BlockRef head) {
    Iterator<BlockRef> stations = position.newestFirst();
    stations.next();
    tryStation(stations, head);
  }

  private void tryStation(Iterator<BlockRef> stations, BlockRef head) {
    if (!stations.hasNext()) {
      BlockRef oldest = position.stations().getFirst();
      collect(oldest, head);
      return;
    }
    BlockRef station = stations.next();
    askBlock(hex(station.number()), there -> onStation(stations, head, station, there));
  }

  private void onStation(
      Iterator<BlockRef> stations, BlockRef head, BlockRef station, @Nullable BlockRef there) {
    if (there != null && there.hash().equals(station.hash())) {
      collect(station, head);
    } else {
      tryStation(stations, head);
    }
  }
}
