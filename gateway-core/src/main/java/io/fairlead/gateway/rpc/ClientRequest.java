package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.metrics.RefusalReason;
import io.fairlead.gateway.request.RequestSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, whatever version of HTTP brought it: collects its body, hands its calls
 * on and gives their answers to the carrier's {@link Answer}. Where one request follows another,
 * the same object serves all of them.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: owns the body until it is
 * handed to the calls.
 */
final class ClientRequest implements RequestSink {
  private static final long RETRY_AFTER_SECONDS = 1;

  private final RequestCarrier carrier;
  private final LoopConnections home;
  private final RpcServer server;
  private final RequestBody body = new RequestBody();

  private ServingPlan plan;
  private RequestHead head = RequestHead.NONE;
  private @Nullable ActiveAnswer active;
  private boolean answering;

  ClientRequest(RequestCarrier carrier, LoopConnections home, RpcServer server) {
    this.carrier = carrier;
    this.home = home;
    this.server = server;
    this.plan = server.plan();
  }

  /** A request begins. */
  void begin(RequestHead head, ServingPlan plan) {
    this.head = head;
    this.plan = plan;
  }

  /** Goes on with a request that another carrier has received. */
  void takeOver(ClientRequest other) {
    begin(other.head, other.plan);
    add(other.body.take(alloc()));
  }

  RequestHead head() {
    return head;
  }

  /** Takes over a piece of the body. */
  void add(ByteBuf piece) {
    body.add(piece, alloc());
  }

  /** Whether more of a body has arrived than a client may send. */
  boolean isTooLarge() {
    return body.bytes() > plan.limits().bodyBytes();
  }

  /** The request is whole: answers it. */
  void serve() {
    if (isTooLarge()) {
      refuseTooLarge();
      return;
    }
    answering = true;
    ByteBuf whole = body.take(alloc());
    if (head.isGzipped()) {
      whole = expand(whole);
    }
    if (whole != null) {
      home.dispatcher().dispatch(head.asker(clientAddress()), whole, plan.limits(), this);
    }
  }

  /** Where the client is. */
  InetAddress clientAddress() {
    return server.addresses().of(carrier.channel(), head.forwardedFor());
  }

  /** Answers a request that its head has refused, and whose body is over. */
  void refuse(Refusal refusal) {
    if (refusal == Refusal.PREFLIGHT) {
      carrier.answer().addFields(Preflight.fields(head));
      empty(204);
      return;
    }
    server.onRefused(refusal.reason());
    if (refusal == Refusal.NOT_POST) {
      carrier.answer().addFields(List.of(Preflight.ALLOW));
    }
    if (head.wantsNoBody()) {
      empty(refusal.status());
    } else {
      error(refusal.status(), GatewayErrors.NOT_A_CALL, head.refusalText(plan));
    }
  }

  /** What is still to come of the body is not worth reading. */
  void refuseTooLarge() {
    server.onRefused(RefusalReason.BODY_TOO_LARGE);
    body.release();
    carrier.cutShort();
    error(
        413,
        GatewayErrors.NOT_A_CALL,
        "request body over the limit (expected: at most "
            + plan.limits().bodyBytes()
            + " bytes; limits.body sets it)");
  }

  /** There is too little memory for it; the client may ask again soon. */
  void refuseForNow() {
    ByteBuf error =
        GatewayErrors.error(
            alloc(),
            GatewayErrors.LIMIT_EXCEEDED,
            "the gateway is short of memory; try again later");
    carrier.answer().whole(Call.OVERLOADED_STATUS, error, null, RETRY_AFTER_SECONDS);
    onAnswered();
  }

  /** What of its body has arrived, in bytes. */
  int heldBytes() {
    return body.bytes();
  }

  /** Answers with an error of the gateway's own. */
  void error(int status, int code, String text) {
    carrier.answer().whole(status, GatewayErrors.error(alloc(), code, text), null, 0);
    onAnswered();
  }

  /** Answers without a body. */
  void empty(int status) {
    carrier.answer().empty(status);
    onAnswered();
  }

  /** The client is gone. */
  void abandon() {
    ActiveAnswer abandoned = active;
    active = null;
    answering = false;
    body.release();
    if (abandoned != null) {
      abandoned.abandon();
    }
  }

  /** The client takes what is written, or does not. */
  void setReading(boolean reading) {
    ActiveAnswer current = active;
    if (current != null) {
      current.setReading(reading);
    }
  }

  private @Nullable ByteBuf expand(ByteBuf compressed) {
    try {
      return GzipBody.expand(compressed, plan.limits().bodyBytes(), alloc());
    } catch (GzipBody.TooLargeException e) {
      refuseTooLarge();
      return null;
    } catch (IOException e) {
      server.onRefused(RefusalReason.NOT_JSON);
      error(400, GatewayErrors.NOT_JSON, "the body is not gzip: " + e.getMessage());
      return null;
    } finally {
      compressed.release();
    }
  }

  private ByteBufAllocator alloc() {
    return carrier.channel().alloc();
  }

  private void onAnswered() {
    active = null;
    answering = false;
    carrier.onAnswered();
  }

  @Override
  public boolean wantsExplanation() {
    return head.wantsExplanation() && server.mayExplain(clientAddress());
  }

  @Override
  public boolean admits(int calls) {
    return true;
  }

  @Override
  public void onDispatched(ActiveAnswer request, int calls) {
    if (answering) {
      active = request;
    }
  }

  @Override
  public void onFault(RequestFault fault, ByteBuf error) {
    server.onRefused(RefusalReason.of(fault));
    carrier.answer().whole(200, error, null, 0);
    onAnswered();
  }

  @Override
  public void onWhole(Call call, int httpStatus, ByteBuf whole) {
    if (httpStatus == Call.OVERLOADED_STATUS) {
      shed(whole, call);
      return;
    }
    long retryAfterSeconds = httpStatus == 200 ? 0 : call.retryAfterSeconds();
    carrier.answer().whole(httpStatus, whole, call, retryAfterSeconds);
    onAnswered();
  }

  private void shed(ByteBuf whole, @Nullable Call call) {
    carrier.onShed();
    long retryAfterSeconds = home.admission().retryAfterSeconds();
    carrier.answer().whole(Call.OVERLOADED_STATUS, whole, call, retryAfterSeconds);
    onAnswered();
  }

  @Override
  public void onStart(Call call, long lengthBytes) {
    carrier.answer().start(call, lengthBytes);
  }

  @Override
  public void onChunk(Call call, ByteBuf chunk) {
    if (!carrier.answer().chunk(chunk)) {
      call.setReading(false);
    }
  }

  @Override
  public void onEnd(Call call) {
    onBatchEnd();
  }

  @Override
  public void onBroken(Call call) {
    active = null;
    carrier.answer().abort();
  }

  @Override
  public void onNothing(Call call) {
    onNoAnswer();
  }

  @Override
  public void onNoAnswer() {
    empty(204);
  }

  @Override
  public void onBatch(ByteBuf whole) {
    carrier.answer().whole(200, whole, null, 0);
    onAnswered();
  }

  @Override
  public void onBatchShed(ByteBuf whole) {
    shed(whole, null);
  }

  @Override
  public void onBatchStart() {
    carrier.answer().start(null, AnswerHead.CHUNKED);
  }

  @Override
  public boolean onBatchPiece(ByteBuf piece) {
    return carrier.answer().chunk(piece);
  }

  @Override
  public void onBatchEnd() {
    carrier.answer().end();
    onAnswered();
  }

  @Override
  public void onBatchBroken(Call call) {
    onBroken(call);
  }
}
