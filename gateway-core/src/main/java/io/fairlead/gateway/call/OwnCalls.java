package io.fairlead.gateway.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls that the gateway makes on one event loop for itself, answered like a client's.
 *
 * <p>Thread-safety: confined to its event loop, apart from the constructor. Bounds: an answer is
 * held whole, up to a number of bytes; what is longer counts as none.
 */
public final class OwnCalls {
  private final LoopContext loop;
  private final int mostBytes;
  private final Set<Call> active = new HashSet<>();
  private boolean isStopped;

  /**
   * No calls yet.
   *
   * @param loop where they live
   * @param mostBytes the longest answer that is held
   */
  public OwnCalls(LoopContext loop, int mostBytes) {
    this.loop = loop;
    this.mostBytes = mostBytes;
  }

  /** The loop on which they live. */
  public LoopContext loop() {
    return loop;
  }

  /**
   * Asks a chain.
   *
   * @param chain which
   * @param method its method
   * @param params its parameters, a JSON array in ASCII
   * @param hearer hears the JSON-RPC answer, an error or a result, or null if there is none; not
   *     called after {@link #stop}, perhaps called before this returns
   */
  public void ask(
      ChainRuntime chain, String method, String params, Consumer<byte @Nullable []> hearer) {
    if (!isStopped) {
      String json =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + '}';
      ByteBuf body = ByteBufUtil.writeAscii(loop.alloc(), json);
      Call call = CallStart.own(loop, chain, body, new Reply(hearer));
      active.add(call);
      CallStart.run(call);
    }
  }

  /** Abandons the calls under way; their hearers hear nothing. */
  public void stop() {
    isStopped = true;
    List.copyOf(active).forEach(Call::abandon);
    active.clear();
  }

  /** Gathers the answer of one call. */
  private final class Reply implements CallSink {
    private final Consumer<byte @Nullable []> hearer;
    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private boolean isTooLong;

    Reply(Consumer<byte @Nullable []> hearer) {
      this.hearer = hearer;
    }

    private void tell(Call call, byte @Nullable [] answer) {
      active.remove(call);
      hearer.accept(answer);
    }

    @Override
    public void onWhole(Call call, int httpStatus, ByteBuf answer) {
      byte[] bytes = ByteBufUtil.getBytes(answer);
      answer.release();
      tell(call, bytes);
    }

    @Override
    public void onStart(Call call, long lengthBytes) {}

    @Override
    public void onChunk(Call call, ByteBuf chunk) {
      isTooLong |= pieces.size() + chunk.readableBytes() > mostBytes;
      if (!isTooLong) {
        pieces.writeBytes(ByteBufUtil.getBytes(chunk));
      }
      chunk.release();
    }

    @Override
    public void onEnd(Call call) {
      tell(call, isTooLong ? null : pieces.toByteArray());
    }

    @Override
    public void onBroken(Call call) {
      tell(call, null);
    }

    @Override
    public void onNothing(Call call) {
      tell(call, null);
    }
  }
}
