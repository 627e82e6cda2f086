package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.JsonMembers;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A poll of a filter of logs: asks for the logs between the position and the head.
 *
 * <p>One new block is asked for by its hash, so that its logs are of that very block whoever
 * answers. More are asked for by range, at most {@link LogFilter#MOST_BLOCKS} at once, and halved
 * while the answer is too long; what lies beyond is told at the next poll. Logs of the last block
 * that are not of the block's hash show that the chain has changed between two questions; all is
 * then asked anew.
 */
final class LogPoll extends ChainPoll {
  private final LogFilter filter;

  LogPoll(Call call, CallMessage message, AnswerSink sink, LogFilter filter) {
    super(call, message, sink, filter, filter.position());
    this.filter = filter;
  }

  @Override
  void collect(BlockRef ancestor, BlockRef head) {
    collect(ancestor, head, filter.span());
  }

  private void collect(BlockRef ancestor, BlockRef head, long most) {
    if (head.number() - ancestor.number() <= most) {
      askLogs(ancestor, head, head);
    } else {
      askBlock(
          hex(ancestor.number() + most),
          last -> {
            if (last == null) {
              runAgain();
            } else {
              askLogs(ancestor, last, head);
            }
          });
    }
  }

  private void askLogs(BlockRef ancestor, BlockRef last, BlockRef head) {
    long from = Math.max(ancestor.number() + 1, filter.criteria().fromBlocks());
    long to = Math.min(last.number(), filter.criteria().toBlocks());
    if (from > to) {
      tell(ancestor, last, List.of());
      return;
    }
    String where =
        from == last.number()
            ? "\"blockHash\":\"" + last.hash() + '"'
            : "\"fromBlock\":\"" + hex(from) + "\",\"toBlock\":\"" + hex(to) + '"';
    ResultReply onLogs = (value, by) -> onLogs(ancestor, last, value);
    Inquiry.Reply giving = failing(onLogs);
    note(
        Inquiry.ask(
            call(),
            "eth_getLogs",
            '{' + where + filter.criteria().what() + '}',
            new Inquiry.Reply() {
              @Override
              public void onResult(ByteBuf value, @Nullable Upstream by) {
                giving.onResult(value, by);
              }

              @Override
              public void onError(@Nullable WholeAnswer error) {
                long blocks = last.number() - ancestor.number();
                filter.onFailed(blocks);
                if (error == null && blocks > 1 && !isEnded()) {
                  collect(ancestor, head, filter.span());
                } else {
                  giving.onError(error);
                }
              }
            }));
  }

  private void onLogs(BlockRef ancestor, BlockRef last, ByteBuf value) {
    List<ToldLog> found = new ArrayList<>();
    if (JsonMembers.isArray(value)) {
      for (ByteBuf element : JsonMembers.elements(value)) {
        ToldLog log = ToldLog.of(element);
        if (log != null) {
          found.add(log);
        }
      }
    }
    boolean isOfAnother =
        found.stream()
            .anyMatch(l -> l.block() == last.number() && !l.blockHash().equals(last.hash()));
    if (isOfAnother) {
      runAgain();
    } else {
      tell(ancestor, last, found);
    }
  }

  private void tell(BlockRef ancestor, BlockRef last, List<ToldLog> found) {
    List<String> changes = filter.changes(ancestor, found);
    filter.onTold(ancestor, found, last);
    answerArray(changes);
  }
}
