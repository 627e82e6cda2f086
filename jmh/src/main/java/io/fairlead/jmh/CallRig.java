package io.fairlead.jmh;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.CallSink;
import io.fairlead.gateway.call.CallStart;
import io.fairlead.gateway.call.ChainFacts;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.HeadObserver;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.Clients;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.metrics.BuildFacts;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.Transport;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.PursuitPolicy;
import io.fairlead.routing.table.Picker;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Calls of one client from the scan of the body to the answer's buffer, on the thread that asks,
 * before a chain of three upstreams whose answer is there at once.
 *
 * <p>Thread-safety: none.
 */
final class CallRig implements AutoCloseable {
  private static final String START = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":";

  private final EventLoops loops = new EventLoops(Transport.choose("nio"), 1, "bench");
  private final Sink sink = new Sink();
  private final Client client = new Client(Client.NOTHING);
  private final Fleet fleet = new Fleet(3);
  private final RequestScanner scanner =
      new RequestScanner(1, 64, new byte[RequestScanner.WINDOW_BYTES]);
  private final LoopContext loop =
      new LoopContext(
          loops.loop(0),
          new Picker(new SplittableRandom(1)),
          upstream -> null,
          AnswerClassifier.evm());
  private byte[] answer = {};

  /** A chain whose calls are answered by a handler. */
  ChainRuntime chain(CallHandler handler) {
    return new ChainRuntime(
        "ethereum",
        new ChainRuntime.Parts(
            fleet.router(),
            List.of(),
            new GatewayMetrics(new BuildFacts("1", "nio", 1), List::of).chain("ethereum"),
            new NoHeads(),
            new NoFacts(new Clients(1))),
        new PursuitPolicy(1_000_000_000, 3, false),
        new ChainRuntime.Rules(
            MethodPolicy.ofChain(MethodSpecs.evm(), List.of(), List.of()), false, 3, handler));
  }

  List<Upstream> upstreams() {
    return fleet.router().upstreams();
  }

  /** What upstreams answer from now on. */
  void setResult(String json) {
    answer = (START + json + "}").getBytes(StandardCharsets.UTF_8);
  }

  /** Answers as an upstream does, by a copy of the result. */
  ActiveAnswer answer(Call call, CallMessage message, AnswerSink hearer) {
    int valueBytes = answer.length - START.length() - 1;
    ByteBuf bytes = loop.alloc().ioBuffer(answer.length).writeBytes(answer);
    hearer.onWhole(WholeAnswer.ofUpstream(CallOutcome.OK, bytes, START.length(), valueBytes));
    return call;
  }

  /** Asks, and gives the length of the answer. */
  int call(ChainRuntime chain, ByteBuf body) {
    scanner.reset();
    scanner.feed(body);
    scanner.finish();
    Asker asker = new Asker(chain, client);
    CallStart.run(CallStart.prepare(loop, asker, body.retain(), scanner.call(0), sink));
    return sink.length;
  }

  @Override
  public void close() {
    loops.close();
  }

  private static final class Sink implements CallSink {
    private int length;

    @Override
    public void onWhole(Call call, int httpStatus, ByteBuf answer) {
      length = answer.readableBytes();
      answer.release();
    }

    @Override
    public void onStart(Call call, long lengthBytes) {}

    @Override
    public void onChunk(Call call, ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void onEnd(Call call) {}

    @Override
    public void onBroken(Call call) {}

    @Override
    public void onNothing(Call call) {}
  }

  private record NoHeads() implements HeadObserver {
    @Override
    public void onOrganicHead(Upstream upstream, long blocks) {}

    @Override
    public void onOrganicAnswer(Upstream upstream) {}
  }

  private record NoFacts(Clients clients) implements ChainFacts {
    @Override
    public long chainId() {
      return 1;
    }

    @Override
    public long configuredNanos() {
      return 0;
    }
  }
}
