package io.fairlead.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.admission.AdmissionPolicy;
import io.fairlead.gateway.admission.LoopAdmission;
import io.fairlead.gateway.admission.MemoryUse;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.QuietChain;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.fuzz.FuzzTarget;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.metrics.BuildFacts;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.net.TestLoops;
import io.fairlead.gateway.request.RequestDispatcher;
import io.fairlead.routing.table.Picker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Whatever bytes come on an upgraded connection, nothing is thrown, no more memory is held than a
 * message may be long and some, and none of it once the connection has ended.
 *
 * <p>The input's first byte says whether messages may be compressed, whether they are calls or are
 * sent back, and in pieces of how many bytes the rest arrives.
 */
public final class FrameTarget implements FuzzTarget, WebSocketObserver {
  private static final int MESSAGE_BYTES = 4096;
  private static final int MOST_HELD_BYTES = 64 * MESSAGE_BYTES;
  private static final Visit VISIT =
      new Visit("/ethereum", "ethereum", null, InetAddress.getLoopbackAddress());

  private final HeldCalls calls = new HeldCalls();
  private final ServingPlan plan =
      new ServingPlan(
          List.of(
              QuietChain.answeredBy(
                  calls, MethodPolicy.ofChain(MethodSpecs.evm(), List.of(), List.of()))),
          new ServingPlan.Limits(
              1 << 20,
              100,
              64,
              SocketScene.HTTP,
              new ServingPlan.WebSocketLimits(MESSAGE_BYTES, 100, 1000, 1 << 16)));

  /** A target whose calls are answered at once. */
  public FrameTarget() {
    calls.atOnce = "\"0x1\"";
  }

  @Override
  public void take(byte[] input) {
    if (input.length == 0) {
      return;
    }
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(allocator);
    channel.freezeTime();
    open(channel, allocator, input[0]);
    int piece = 1 + (input[0] & 0xf0);
    for (int at = 1; at < input.length && channel.isOpen(); at += piece) {
      int length = Math.min(piece, input.length - at);
      ByteBuf bytes = allocator.buffer(length).writeBytes(input, at, length);
      channel.writeInbound(bytes);
      dropOutput(channel);
      assertTrue(held(allocator) <= MOST_HELD_BYTES, "held: " + held(allocator));
    }
    channel.finishAndReleaseAll();
    channel.runPendingTasks();
    assertEquals(0, held(allocator), "bytes held after the end");
  }

  private void open(EmbeddedChannel channel, UnpooledByteBufAllocator allocator, byte choice) {
    IoLoop io = TestLoops.embedded(channel.eventLoop(), allocator);
    LoopContext loop =
        new LoopContext(
            io, new Picker(new SplittableRandom(1)), upstream -> null, AnswerClassifier.evm());
    boolean isEcho = (choice & 2) != 0;
    MessageSides sides =
        (connection, visit) ->
            isEcho
                ? new EchoSide(connection)
                : new CallSide(connection, visit, SubscribingFactory.NONE);
    new WebSockets(
            List.of(loop),
            List.of(new RequestDispatcher(loop, admission(io))),
            new WebSockets.Backing(() -> plan, sides, SocketTiming.DEFAULT, this))
        .take(
            0,
            channel.pipeline(),
            VISIT,
            new Upgrade.Agreed("", (choice & 1) != 0 ? "permessage-deflate" : ""));
  }

  private static LoopAdmission admission(IoLoop io) {
    return new LoopAdmission(
        new LoopAdmission.Home(0, 1, new LoopAdmission.Times(io, io, io.turns()), io.eventLoop()),
        MemoryUse.of(io.allocator(), OptionalLong.empty()),
        AdmissionPolicy.DEFAULT,
        new GatewayMetrics(new BuildFacts("1", "nio", 1), List::of).server());
  }

  private static void dropOutput(EmbeddedChannel channel) {
    channel.runPendingTasks();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      out.release();
    }
  }

  private static long held(UnpooledByteBufAllocator allocator) {
    return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
  }

  @Override
  public void onOpened() {}

  @Override
  public void onClosed(int code) {}

  @Override
  public void onMessageIn() {}

  @Override
  public void onMessageOut() {}

  @Override
  public void onFault(RequestFault fault) {}
}
