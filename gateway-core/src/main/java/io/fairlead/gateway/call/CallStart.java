package io.fairlead.gateway.call;

import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.netty.buffer.ByteBuf;
import java.util.OptionalLong;

/**
 * The first decision about a call: answered here, refused, or sent on its way.
 *
 * <p>Thread-safety: stateless; runs on the call's event loop.
 */
public final class CallStart {
  private CallStart() {}

  /**
   * Prepares a call without starting it, so that its sink can know it first.
   *
   * @param asker who asks which chain
   * @param body what the client sent; one reference is taken over
   * @param spans a call without fault in the body
   */
  public static Call prepare(
      LoopContext loop, Asker asker, ByteBuf body, CallSpans spans, CallSink sink) {
    MethodSpec spec = asker.chain().specs().find(body, spans);
    CallMessage message = new CallMessage(body, spans, spec, asker.chain().headBlocks());
    return new Call(loop, asker, message, sink);
  }

  /**
   * Prepares a call of the gateway's own, which no client asked for.
   *
   * @param body one well-formed JSON-RPC call; taken over
   */
  public static Call own(LoopContext loop, ChainRuntime chain, ByteBuf body, CallSink sink) {
    Asker nobody = new Asker(chain, new Client(Client.NOTHING));
    return new Call(loop, nobody, loop.toMessage(chain, body), sink);
  }

  /** Decides; the sink may hear of the end before this returns. */
  public static void run(Call call) {
    CallMessage message = call.message();
    ChainRuntime chain = call.chain();
    MethodSpec spec = message.spec();
    if (!message.isOfferedBy(chain.methods())) {
      refuse(call, "the method is not offered on " + chain.name());
    } else if (spec.access() == MethodSpec.Access.SUBSCRIPTION) {
      subscribe(call);
    } else if (spec.access() == MethodSpec.Access.LOCAL) {
      answerLocally(call, spec.local());
    } else {
      call.start();
    }
  }

  /**
   * Ends a call that the gateway cannot carry now, unless to answer it costs no more than that.
   *
   * @return whether it was refused
   */
  public static boolean tryShed(Call call) {
    if (call.message().spec().access() == MethodSpec.Access.LOCAL) {
      return false;
    }
    call.shed();
    return true;
  }

  private static void subscribe(Call call) {
    CallHandler subscribing = call.asker().subscribing();
    if (subscribing == null) {
      refuse(
          call,
          call.message().spec().name()
              + " needs a WebSocket connection; over HTTP there is nobody to notify");
    } else {
      call.startWith(subscribing);
    }
  }

  private static void refuse(Call call, String text) {
    call.answerLocally(200, call.toError(GatewayErrors.METHOD_NOT_OFFERED, text), false);
  }

  private static void answerLocally(Call call, MethodSpec.Local local) {
    if (local == MethodSpec.Local.ACCOUNTS) {
      answer(call, "[]");
      return;
    }
    OptionalLong chainId = call.chain().chainId();
    if (chainId.isEmpty()) {
      call.answerLocally(
          503,
          call.toError(GatewayErrors.UNAVAILABLE, "no upstream has said yet which chain it is on"),
          false);
    } else if (local == MethodSpec.Local.CHAIN_ID) {
      answer(call, "\"0x" + Long.toHexString(chainId.getAsLong()) + '"');
    } else {
      answer(call, "\"" + chainId.getAsLong() + '"');
    }
  }

  private static void answer(Call call, String json) {
    call.answerLocally(200, call.message().toResult(call.loop().alloc(), json), true);
  }
}
