package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.JsonMembers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls that create, poll and remove filters.
 *
 * <p>Filters of logs and of blocks are positions that the gateway keeps; a poll asks the chain what
 * came behind the position, of whichever upstream. Filters of pending transactions stay on one
 * upstream. See {@code docs/decisions/} for why.
 *
 * <p>Thread-safety: one for a chain, called on all event loops.
 */
public final class FilterHandler implements CallHandler {
  private static final int NOT_FOUND = -32000;
  private static final int BAD_PARAMETERS = -32602;
  private static final int MOST_CRITERIA_BYTES = 64 * 1024;

  private final Filters filters;

  /**
   * A handler.
   *
   * @param filters the chain's; outlive this
   */
  public FilterHandler(Filters filters) {
    this.filters = filters;
  }

  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    if (message.isNotification()) {
      return CallHandler.UPSTREAMS.start(call, message, sink);
    }
    return switch (message.spec().name()) {
      case "eth_newFilter" -> run(new NewLogFilter(call, message, sink));
      case "eth_newBlockFilter" -> run(new NewBlockFilter(call, message, sink));
      case PendingPoll.CREATE -> run(new NewPendingFilter(call, message, sink));
      case "eth_getFilterChanges" -> changes(call, message, sink);
      case "eth_getFilterLogs" -> logs(call, message, sink);
      case "eth_uninstallFilter" -> run(new Uninstall(call, message, sink));
      default -> CallHandler.UPSTREAMS.start(call, message, sink);
    };
  }

  private static ActiveAnswer run(Poll poll) {
    poll.run();
    return poll;
  }

  private ActiveAnswer changes(Call call, CallMessage message, AnswerSink sink) {
    Filter filter = find(call, message);
    if (filter == null) {
      return run(new NotFound(call, message, sink));
    }
    if (!filter.tryBegin(call.loop().nanoTime())) {
      return run(new NothingNew(call, message, sink));
    }
    if (filter instanceof LogFilter ofLogs) {
      return run(new LogPoll(call, message, sink, ofLogs));
    } else if (filter instanceof BlockFilter ofBlocks) {
      return run(new BlockPoll(call, message, sink, ofBlocks));
    }
    return run(new PendingPoll(call, message, sink, (PendingFilter) filter));
  }

  /** All logs of a filter are what a query with its criteria gives. */
  private ActiveAnswer logs(Call call, CallMessage message, AnswerSink sink) {
    if (!(find(call, message) instanceof LogFilter filter)) {
      return run(new NotFound(call, message, sink));
    }
    if (filter.tryBegin(call.loop().nanoTime())) {
      filter.end();
    }
    CallSpans spans = message.spans();
    ByteBuf body = call.loop().alloc().buffer();
    ByteBufUtil.writeAscii(body, "{\"jsonrpc\":\"2.0\",\"id\":");
    body.writeBytes(message.body(), spans.idStart(), spans.idLength());
    ByteBufUtil.writeAscii(body, ",\"method\":\"eth_getLogs\",\"params\":[");
    ByteBufUtil.writeUtf8(body, filter.criteria().whole());
    ByteBufUtil.writeAscii(body, "]}");
    CallMessage query = call.loop().toMessage(call.chain(), body);
    return new OwnedAnswer(query, sink).start(call);
  }

  private @Nullable Filter find(Call call, CallMessage message) {
    String id = parameter(message);
    return id == null || id.length() < 2 || id.charAt(0) != '"'
        ? null
        : filters.find(id.substring(1, id.length() - 1), call.loop().nanoTime());
  }

  private static @Nullable String parameter(CallMessage message) {
    int start = message.spans().parameterStart(0);
    int length = message.spans().parameterLength(0);
    return start < 0 ? null : message.body().toString(start, length, StandardCharsets.UTF_8);
  }

  /** Answers that there is no such filter, as geth does. */
  private static final class NotFound extends Poll {
    NotFound(Call call, CallMessage message, AnswerSink sink) {
      super(call, message, sink);
    }

    @Override
    void run() {
      refuse(NOT_FOUND, 200, "filter not found");
    }
  }

  /** Answers a poll beside another of the same filter, which is about to be told all. */
  private static final class NothingNew extends Poll {
    NothingNew(Call call, CallMessage message, AnswerSink sink) {
      super(call, message, sink);
    }

    @Override
    void run() {
      answerArray(List.of());
    }
  }

  private abstract class NewFilter extends Poll {
    NewFilter(Call call, CallMessage message, AnswerSink sink) {
      super(call, message, sink);
    }

    final void add(Filter filter) {
      String id = filters.tryAdd(filter, nanoTime());
      if (id == null) {
        refuse(
            GatewayErrors.LIMIT_EXCEEDED,
            429,
            "too many filters: remove those that are not needed, or ask for logs by range");
      } else {
        answer('"' + id + '"');
      }
    }

    final void noHead() {
      refuse(GatewayErrors.UNAVAILABLE, 503, "no upstream says which block is the newest");
    }
  }

  private final class NewLogFilter extends NewFilter {
    private final CallMessage message;

    NewLogFilter(Call call, CallMessage message, AnswerSink sink) {
      super(call, message, sink);
      this.message = message;
    }

    @Override
    void run() {
      String text = parameter(message);
      LogFilter.Criteria criteria =
          text == null || text.length() > MOST_CRITERIA_BYTES
              ? null
              : LogFilter.Criteria.of(JsonMembers.ascii(text));
      if (criteria == null) {
        refuse(
            BAD_PARAMETERS,
            200,
            "invalid argument 0: expected a filter of fromBlock, toBlock, address, topics");
        return;
      }
      askBlock(
          "latest",
          head -> {
            if (head == null) {
              noHead();
            } else {
              add(new LogFilter(criteria, head, nanoTime()));
            }
          });
    }
  }

  private final class NewBlockFilter extends NewFilter {
    NewBlockFilter(Call call, CallMessage message, AnswerSink sink) {
      super(call, message, sink);
    }

    @Override
    void run() {
      askBlock(
          "latest",
          head -> {
            if (head == null) {
              noHead();
            } else {
              add(new BlockFilter(head, nanoTime()));
            }
          });
    }
  }

  private final class NewPendingFilter extends NewFilter {
    NewPendingFilter(Call call, CallMessage message, AnswerSink sink) {
      super(call, message, sink);
    }

    @Override
    void run() {
      note(
          Inquiry.ask(
              call(),
              PendingPoll.CREATE,
              "",
              call().demand(),
              failing(
                  (value, by) -> {
                    if (by == null) {
                      fail(null);
                    } else {
                      String id = value.toString(StandardCharsets.UTF_8);
                      add(new PendingFilter(by, id, nanoTime()));
                    }
                  })));
    }
  }

  private final class Uninstall extends Poll {
    private final CallMessage message;

    Uninstall(Call call, CallMessage message, AnswerSink sink) {
      super(call, message, sink);
      this.message = message;
    }

    @Override
    void run() {
      String id = parameter(message);
      boolean isThere =
          id != null && id.length() > 1 && filters.remove(id.substring(1, id.length() - 1));
      answer(isThere ? "true" : "false");
    }
  }
}
