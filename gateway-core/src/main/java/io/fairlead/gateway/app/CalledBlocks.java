package io.fairlead.gateway.app;

import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.OwnCalls;
import io.fairlead.gateway.feed.BlockSource;
import io.fairlead.gateway.feed.FeedJson;
import io.fairlead.gateway.feed.Header;
import io.fairlead.gateway.feed.Log;
import io.fairlead.gateway.feed.LogInterest;
import io.fairlead.gateway.feed.Parsed;
import io.fairlead.gateway.jsonrpc.JsonMembers;
import io.fairlead.gateway.metrics.StoryMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fetches blocks and logs by calls of the gateway's own, so that they are routed, repeated
 * elsewhere, kept and taken as evidence like those of clients.
 *
 * <p>Thread-safety: confined to the chain's home loop.
 */
final class CalledBlocks implements BlockSource {
  private final OwnCalls calls;
  private final Supplier<ChainRuntime> chain;
  private final StoryMetrics metrics;

  CalledBlocks(OwnCalls calls, Supplier<ChainRuntime> chain, StoryMetrics metrics) {
    this.calls = calls;
    this.chain = chain;
    this.metrics = metrics;
  }

  @Override
  public void headerByHash(String hash, Found<Header> found) {
    metrics.onGapBlock();
    ask("eth_getBlockByHash", "[\"" + hash + "\",false]", FeedJson::block, found);
  }

  @Override
  public void headerByNumber(long number, Found<Header> found) {
    metrics.onGapBlock();
    String height = "0x" + Long.toHexString(number);
    ask("eth_getBlockByNumber", "[\"" + height + "\",false]", FeedJson::block, found);
  }

  @Override
  public void logsOf(Header block, LogInterest interest, Found<List<Log>> found) {
    metrics.onLogQuery();
    String addresses =
        interest.isAny()
            ? ""
            : interest.inOrder().stream()
                .map(address -> '"' + address + '"')
                .collect(Collectors.joining(",", ",\"address\":[", "]"));
    String params = "[{\"blockHash\":\"" + block.hash() + '"' + addresses + "}]";
    ask("eth_getLogs", params, logs -> FeedJson.logs(logs, block.hash()), found);
  }

  private <T> void ask(
      String method, String params, Function<byte[], Parsed<T>> reader, Found<T> found) {
    calls.ask(
        chain.get(),
        method,
        params,
        answer -> {
          ByteBuf result = answer == null ? null : result(Unpooled.wrappedBuffer(answer));
          if (result == null) {
            found.onMissing("no upstream gives it");
          } else {
            reader.apply(ByteBufUtil.getBytes(result)).tell(found);
          }
        });
  }

  private static @Nullable ByteBuf result(ByteBuf answer) {
    return JsonMembers.isObject(answer) ? JsonMembers.slice(answer, "result") : null;
  }
}
