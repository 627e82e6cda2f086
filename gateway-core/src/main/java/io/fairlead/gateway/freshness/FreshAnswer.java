package io.fairlead.gateway.freshness;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.PassedAnswer;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.fairlead.gateway.jsonrpc.method.MethodSpec.Shows;
import io.netty.buffer.ByteBuf;

/**
 * One answer on its way to the client: notes what the client is told by it.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: owns the message that was asked
 * in place of the client's, until the end.
 */
final class FreshAnswer extends PassedAnswer {
  private static final byte[] RESULT = JsonSkip.ascii("result");
  private static final int MOST_UNREAD_CHUNKS = 2;

  private final Call call;
  private final FreshDemand demand;
  private final Resolution resolution;
  private final Client client;
  private int unreadChunks;

  FreshAnswer(Call call, FreshDemand demand, Resolution resolution, AnswerSink sink) {
    super(sink);
    this.call = call;
    this.demand = demand;
    this.resolution = resolution;
    this.client = demand.terms().client();
  }

  /** Sets out to answer the client's message, or what takes its place. */
  ActiveAnswer start(CallHandler inner, CallMessage own) {
    CallMessage changed = resolution.message();
    follow(inner.start(call, changed == null ? own : changed, this));
    return this;
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    WholeAnswer told = answer;
    if (answer.hasUpstreamResult()) {
      noteTold(answer);
    } else if (answer.outcome() == CallOutcome.UNSERVED && isFloorTheAnswer()) {
      answer.release();
      told = floor();
    }
    super.onWhole(told);
  }

  /**
   * Whether the client asks for the head's height, and whoever answered is behind what it knows.
   */
  private boolean isFloorTheAnswer() {
    return demand.sawBehind() && demand.terms().rule().spec().shows() == Shows.RESULT;
  }

  private WholeAnswer floor() {
    String height = LogRange.quantity(client.floor(HeadTag.LATEST));
    ByteBuf own = call.message().toResult(call.loop().alloc(), height);
    return WholeAnswer.own(CallOutcome.OK, 200, own);
  }

  private void noteTold(WholeAnswer answer) {
    noteResolved();
    if (resolution.isBlind() && answer.by() != null) {
      client.onPinnedRead(answer.by(), call.loop().nanoTime());
    }
    long shown = answer.by() == null ? read(answer) : demand.shown();
    noteShown(shown);
  }

  private void noteResolved() {
    if (resolution.resolved() >= 0) {
      client.raise(resolution.tag(), resolution.resolved());
    }
  }

  /** Reads an answer that no question of this call brought: it was kept from another. */
  private long read(WholeAnswer answer) {
    ByteBuf bytes = answer.bytes();
    int start = bytes.readerIndex() + answer.valueStart();
    return read(bytes, start, start + answer.valueLength());
  }

  private long read(ByteBuf bytes, int start, int end) {
    BlockSight sight = new BlockSight();
    sight.read(shows(), bytes, start, end);
    return sight.number();
  }

  private Shows shows() {
    Terms.Rule rule = demand.terms().rule();
    return rule.asked() == BlockParameter.PENDING ? Shows.NOTHING : rule.spec().shows();
  }

  /** The same for a long answer: its first pieces are what precedes the result, and the result. */
  private void readPiece(ByteBuf chunk) {
    unreadChunks--;
    int end = chunk.writerIndex();
    int at = chunk.readerIndex();
    at = JsonSkip.nextKey(chunk, at < end && chunk.getByte(at) == '{' ? at + 1 : at, end);
    while (at >= 0) {
      int keyEnd = JsonSkip.value(chunk, at, end);
      int from = JsonSkip.space(chunk, JsonSkip.space(chunk, keyEnd, end) + 1, end);
      if (from >= end) {
        return;
      }
      if (JsonSkip.isKey(chunk, at, keyEnd, RESULT)) {
        noteShown(read(chunk, from, end));
        unreadChunks = 0;
        return;
      }
      at = JsonSkip.nextKey(chunk, JsonSkip.value(chunk, from, end), end);
    }
  }

  private void noteShown(long shown) {
    if (shown < 0) {
      return;
    }
    Terms terms = demand.terms();
    client.raise(HeadTag.LATEST, shown);
    if (terms.rule().how() == Terms.How.SHOWS_HEAD) {
      client.raise(terms.floor(), shown);
    }
    if (terms.rule().spec().shows() == Shows.BLOCK_NUMBER && client.hasWrites()) {
      String hash = Resolver.hash(call.message());
      if (hash != null) {
        client.onReceiptSeen(hash);
      }
    }
  }

  @Override
  public void onStart(long lengthBytes) {
    noteResolved();
    noteShown(demand.shown());
    unreadChunks = demand.shown() < 0 && shows() != Shows.NOTHING ? MOST_UNREAD_CHUNKS : 0;
    super.onStart(lengthBytes);
  }

  @Override
  public void onChunk(ByteBuf chunk) {
    if (unreadChunks > 0) {
      readPiece(chunk);
    }
    super.onChunk(chunk);
  }

  @Override
  protected void release() {
    CallMessage changed = resolution.message();
    if (changed != null) {
      changed.release();
    }
  }
}
