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
import java.util.function.Consumer;
import java.util.function.Function;
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
      case "eth_uninstallFilter" ->
          run(new AtOnce(call, message, sink, poll -> uninstall(message, poll)));
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
      return run(new AtOnce(call, message, sink, FilterHandler::sayNotFound));
    }
    if (!filter.tryBegin(call.loop().nanoTime())) {
      return run(new AtOnce(call, message, sink, FilterHandler::sayNothingNew));
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
      return run(new AtOnce(call, message, sink, FilterHandler::sayNotFound));
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
    String id = id(message);
    return id == null ? null : filters.find(id, call.loop().nanoTime());
  }

  /** The first parameter, a filter's id if it is a string. */
  private static @Nullable String id(CallMessage message) {
    String text = parameter(message);
    return text == null || text.length() < 2 || text.charAt(0) != '"'
        ? null
        : text.substring(1, text.length() - 1);
  }

  private static @Nullable String parameter(CallMessage message) {
    int start = message.spans().parameterStart(0);
    int length = message.spans().parameterLength(0);
    return start < 0 ? null : message.body().toString(start, length, StandardCharsets.UTF_8);
  }

  /** What needs nobody to be asked. */
  private static final class AtOnce extends Poll {
    private final Consumer<Poll> word;

    AtOnce(Call call, CallMessage message, AnswerSink sink, Consumer<Poll> word) {
      super(call, message, sink);
      this.word = word;
    }

    @Override
    void run() {
      word.accept(this);
    }
  }

  /** As geth says it. */
  private static void sayNotFound(Poll poll) {
    poll.refuse(NOT_FOUND, 200, "filter not found");
  }

  /** To a poll beside another of the same filter, which is about to be told all. */
  private static void sayNothingNew(Poll poll) {
    poll.answerArray(List.of());
  }

  private void uninstall(CallMessage message, Poll poll) {
    String id = id(message);
    poll.answer(id != null && filters.remove(id) ? "true" : "false");
  }

  private abstract class NewFilter extends Poll {
    NewFilter(Call call, CallMessage message, AnswerSink sink) {
      super(call, message, sink);
    }

    final void add(Filter filter) {
      Filters.Admission admission = filters.tryAdd(call().client(), filter, nanoTime());
      if (admission instanceof Filters.Admission.Kept kept) {
        answer('"' + kept.id() + '"');
      } else {
        boolean isOwn = admission == Filters.Admission.Refused.BY_SHARE;
        refuse(
            GatewayErrors.LIMIT_EXCEEDED,
            429,
            (isOwn ? "too many filters of one client" : "too many filters of all clients")
                + ": remove those that are not needed, or ask for logs by range");
      }
    }

    /** Adds a filter that begins behind the newest block. */
    final void addAtHead(Function<BlockRef, Filter> filter) {
      askBlock(
          "latest",
          head -> {
            if (head == null) {
              refuse(GatewayErrors.UNAVAILABLE, 503, "no upstream says which block is the newest");
            } else {
              add(filter.apply(head));
            }
          });
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
      addAtHead(head -> new LogFilter(criteria, head, nanoTime()));
    }
  }

  private final class NewBlockFilter extends NewFilter {
    NewBlockFilter(Call call, CallMessage message, AnswerSink sink) {
      super(call, message, sink);
    }

    @Override
    void run() {
      addAtHead(head -> new BlockFilter(head, nanoTime()));
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
}
