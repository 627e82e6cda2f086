package io.fairlead.gateway.request;

import io.fairlead.gateway.admission.LoopAdmission;
import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallStart;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan;
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
public final class RequestDispatcher {
  private final LoopContext loop;
  private final LoopAdmission admission;
  private RequestScanner scanner;
  private int maxBatch = 1;
  private int maxDepth = 1;

  /** The dispatcher of a loop. */
  public RequestDispatcher(LoopContext loop, LoopAdmission admission) {
    this.loop = loop;
    this.admission = admission;
    this.scanner = new RequestScanner(maxBatch, maxDepth, loop.window());
  }

  /** What the loop takes in. */
  public LoopAdmission admission() {
    return admission;
  }

  /**
   * Sets the calls of a body going; the sink may hear of all answers before this returns.
   *
   * @param asker who asks which chain
   * @param body the whole body; taken over
   * @param limits the bounds of a request
   * @param sink where the answer goes
   */
  public void dispatch(Asker asker, ByteBuf body, ServingPlan.Limits limits, RequestSink sink) {
    if (limits.batchCalls() != maxBatch || limits.depth() != maxDepth) {
      maxBatch = limits.batchCalls();
      maxDepth = limits.depth();
      scanner = new RequestScanner(maxBatch, maxDepth, loop.window());
    }
    scanner.reset();
    scanner.feed(body);
    RequestFault fault = scanner.finish();
    if (fault != RequestFault.NONE) {
      body.release();
      sink.onFault(fault, GatewayErrors.error(loop.alloc(), fault.code(), textOf(fault)));
    } else if (scanner.isBatch()) {
      dispatchBatch(asker, body, sink);
    } else {
      dispatchSingle(asker, body, sink);
    }
  }

  private String textOf(RequestFault fault) {
    return fault == RequestFault.BATCH_TOO_LARGE
        ? fault.message() + " (expected: at most " + maxBatch + "; limits.batch sets it)"
        : fault.message();
  }

  private void dispatchSingle(Asker asker, ByteBuf body, RequestSink sink) {
    CallSpans spans = scanner.call(0);
    RequestFault fault = faultOf(spans, sink.admits(1));
    if (fault != RequestFault.NONE) {
      refuse(fault, body, spans, sink);
      return;
    }
    Call call = CallStart.prepare(loop, asker, body, spans, sink);
    if (sink.wantsExplanation()) {
      call.explain();
    }
    if (admits(call)) {
      sink.onDispatched(call, 1);
      CallStart.run(call);
    }
  }

  /** Whether the loop can carry a call; otherwise it has been answered. */
  private boolean admits(Call call) {
    return admission.admits(call.message().methodClass()) || !CallStart.tryShed(call);
  }

  private static RequestFault faultOf(CallSpans spans, boolean admitted) {
    RequestFault fault = spans.fault();
    return fault == RequestFault.NONE && !admitted ? RequestFault.TOO_MANY_CALLS : fault;
  }

  private void refuse(RequestFault fault, ByteBuf body, CallSpans spans, RequestSink sink) {
    if (fault == RequestFault.TOO_MANY_CALLS && spans.isNotification()) {
      body.release();
      sink.onNoAnswer();
      return;
    }
    ByteBuf error = error(fault, body, spans);
    body.release();
    sink.onFault(fault, error);
  }

  private void dispatchBatch(Asker asker, ByteBuf body, RequestSink sink) {
    int size = scanner.size();
    boolean admitted = sink.admits(size);
    BatchAnswer batch = new BatchAnswer(sink, loop.alloc(), size);
    Call[] calls = new Call[size];
    for (int i = 0; i < size; i++) {
      CallSpans spans = scanner.call(i);
      RequestFault fault = faultOf(spans, admitted);
      if (fault == RequestFault.NONE) {
        calls[i] = CallStart.prepare(loop, asker, body.retain(), spans, batch.member(i));
        batch.member(i).await(calls[i]);
      } else if (fault == RequestFault.TOO_MANY_CALLS && spans.isNotification()) {
        batch.member(i).skip();
      } else {
        batch.member(i).prepare(error(fault, body, spans));
      }
    }
    body.release();
    sink.onDispatched(batch, size);
    for (Call call : calls) {
      if (call != null && admits(call)) {
        CallStart.run(call);
      }
    }
    batch.onAllStarted();
  }

  private ByteBuf error(RequestFault fault, ByteBuf body, CallSpans spans) {
    return GatewayErrors.error(loop.alloc(), fault.code(), fault.message(), body, spans);
  }
}
