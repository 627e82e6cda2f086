package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallStart;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.netty.buffer.ByteBuf;

/**
 * Finds the calls in a request's body and sets them going.
 *
 * <p>Thread-safety: confined to one event loop, shared by its connections.
 */
final class RequestDispatcher {
  private static final int MAX_DEPTH = 64;

  private final LoopContext loop;
  private RequestScanner scanner;
  private int maxBatch;

  RequestDispatcher(LoopContext loop) {
    this.loop = loop;
    this.scanner = new RequestScanner(1, MAX_DEPTH, loop.window());
    this.maxBatch = 1;
  }

  /**
   * Sets the calls of a body going; the connection hears of their answers.
   *
   * @param body the whole body; taken over
   */
  void dispatch(Asker asker, ByteBuf body, int batchCalls, RpcConnection connection) {
    if (batchCalls != maxBatch) {
      maxBatch = batchCalls;
      scanner = new RequestScanner(batchCalls, MAX_DEPTH, loop.window());
    }
    scanner.reset();
    scanner.feed(body);
    RequestFault fault = scanner.finish();
    if (fault != RequestFault.NONE) {
      body.release();
      connection.answerFault(fault, GatewayErrors.error(loop.alloc(), fault.code(), textOf(fault)));
    } else if (scanner.isBatch()) {
      dispatchBatch(asker, body, connection);
    } else {
      dispatchSingle(asker, body, connection);
    }
  }

  private String textOf(RequestFault fault) {
    return fault == RequestFault.BATCH_TOO_LARGE
        ? fault.message() + " (expected: at most " + maxBatch + "; limits.batch sets it)"
        : fault.message();
  }

  private void dispatchSingle(Asker asker, ByteBuf body, RpcConnection connection) {
    CallSpans spans = scanner.call(0);
    if (spans.fault() != RequestFault.NONE) {
      ByteBuf error = error(body, spans);
      body.release();
      connection.answerFault(spans.fault(), error);
      return;
    }
    Call call = CallStart.prepare(loop, asker, body, spans, connection);
    if (connection.wantsExplanation()) {
      call.explain();
    }
    connection.onDispatched(call);
    CallStart.run(call);
  }

  private void dispatchBatch(Asker asker, ByteBuf body, RpcConnection connection) {
    int size = scanner.size();
    BatchAnswer batch = new BatchAnswer(connection, loop.alloc(), size);
    Call[] calls = new Call[size];
    for (int i = 0; i < size; i++) {
      CallSpans spans = scanner.call(i);
      if (spans.fault() == RequestFault.NONE) {
        calls[i] = CallStart.prepare(loop, asker, body.retain(), spans, batch.member(i));
        batch.member(i).await(calls[i]);
      } else {
        batch.member(i).prepare(error(body, spans));
      }
    }
    body.release();
    connection.onDispatched(batch);
    for (Call call : calls) {
      if (call != null) {
        CallStart.run(call);
      }
    }
    batch.onAllStarted();
  }

  private ByteBuf error(ByteBuf body, CallSpans spans) {
    RequestFault fault = spans.fault();
    return GatewayErrors.error(loop.alloc(), fault.code(), fault.message(), body, spans);
  }
}
