package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.CallSink;
import io.fairlead.gateway.call.CallStart;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.QuietChain;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.TestLoops;
import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.routing.table.Picker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls of clients on two event loops, the cache, and behind it an upstream that a test plays. */
final class FlightScene implements AutoCloseable {
  /** How long a call may take. */
  static final long TIMEOUT_NANOS = QuietChain.TIMEOUT_NANOS;

  private static final Duration LIMIT = Duration.ofSeconds(20);

  final AtomicLong nowNanos = new AtomicLong(1);
  final AtomicLong floor = new AtomicLong(-1);
  final FakeChain heads = new FakeChain().grow(80, 100, "a").settle(90);
  final AnswerStore store;
  final ChainCache cache;
  final List<Asked> asked = new CopyOnWriteArrayList<>();
  volatile boolean mayShare = true;

  private final EventLoops loops = new EventLoops(Transport.choose("nio"), 2, "scene");
  private final List<LoopContext> contexts = new ArrayList<>();
  private final ChainRuntime chain;

  FlightScene(long maxBytes) {
    store = new AnswerStore(maxBytes);
    cache = new ChainCache(store, heads, CacheObserver.NONE);
    MethodSpecs specs = MethodSpecs.evm();
    loops
        .all()
        .forEach(
            loop ->
                contexts.add(
                    new LoopContext(
                        TestLoops.withClock(loop, nowNanos::get),
                        new Picker(new Random(1)),
                        upstream -> null,
                        AnswerClassifier.evm())));
    CacheHandler handler = new CacheHandler(cache, new Terms(), this::ask, 2);
    chain =
        QuietChain.answeredBy(
            handler, MethodPolicy.ofChain(specs, List.of("evm_*", "eth_submitWork"), List.of()));
  }

  private final class Terms implements ClientTerms {
    @Override
    public boolean mayShare(Call call) {
      return mayShare;
    }

    @Override
    public long floorBlocks(Call call) {
      return floor.get();
    }
  }

  private ActiveAnswer ask(Call call, CallMessage message, AnswerSink sink) {
    call.noteAnsweredBy("node");
    Asked question = new Asked(call, message.retain(), sink);
    asked.add(question);
    return question;
  }

  /** A client asks on a loop and waits for what comes. */
  Client ask(int loop, String id, String method, String params) {
    Client client = new Client(loop);
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\""
            + method
            + "\",\"params\":"
            + params
            + "}";
    on(loop, () -> client.start(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8)));
    return client;
  }

  /** Runs something on a loop to its end. */
  void on(int loop, Runnable task) {
    get(
        loop,
        () -> {
          task.run();
          return true;
        });
  }

  <T> T get(int loop, Supplier<T> task) {
    return loops.at(loop).submit(task::get).syncUninterruptibly().getNow();
  }

  /** Waits until what loops owed each other is done. */
  void settle() {
    for (int i = 0; i < 4; i++) {
      on(i % 2, () -> {});
    }
  }

  /** Moves the time and lets it be noticed. */
  void passTime(long nanos) {
    nowNanos.addAndGet(nanos);
  }

  static void eventually(String what, Supplier<Boolean> condition) {
    Eventually.holds(what, LIMIT, condition::get);
  }

  @Override
  public void close() {
    asked.forEach(Asked::forget);
    loops.close();
  }

  /** A question that reached the upstream. */
  final class Asked implements ActiveAnswer {
    final Call call;
    final CallMessage message;
    final AnswerSink sink;
    volatile boolean abandoned;
    volatile boolean reading = true;
    private boolean over;

    Asked(Call call, CallMessage message, AnswerSink sink) {
      this.call = call;
      this.message = message;
      this.sink = sink;
    }

    private int loop() {
      return call.loop().index();
    }

    private ByteBuf bytes(String result) {
      String id =
          message
              .body()
              .toString(
                  message.spans().idStart(), message.spans().idLength(), StandardCharsets.UTF_8);
      return Unpooled.copiedBuffer(
          "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}",
          StandardCharsets.UTF_8);
    }

    /** Answers as a whole. */
    void answer(String result) {
      answer(CallOutcome.OK, result);
    }

    void answer(CallOutcome outcome, String result) {
      on(
          loop(),
          () -> {
            ByteBuf bytes = bytes(result);
            int start = bytes.readableBytes() - 1 - result.length();
            end();
            sink.onWhole(WholeAnswer.ofUpstream(outcome, bytes, start, result.length()));
          });
      settle();
    }

    /** Begins a long answer. */
    void begin(String first) {
      on(
          loop(),
          () -> {
            ByteBuf bytes = bytes(first);
            sink.onStart(-1);
            sink.onChunk(bytes.writerIndex(bytes.writerIndex() - 1));
          });
      settle();
    }

    void goOn(String more) {
      on(loop(), () -> sink.onChunk(Unpooled.copiedBuffer(more, StandardCharsets.UTF_8)));
      settle();
    }

    void finish() {
      on(
          loop(),
          () -> {
            sink.onChunk(Unpooled.copiedBuffer("}", StandardCharsets.UTF_8));
            end();
            sink.onEnd();
          });
      settle();
    }

    void breakOff() {
      on(
          loop(),
          () -> {
            end();
            sink.onBroken();
          });
      settle();
    }

    private void end() {
      if (!over) {
        over = true;
        message.release();
      }
    }

    private void forget() {
      on(loop(), this::end);
    }

    @Override
    public void abandon() {
      abandoned = true;
      end();
    }

    @Override
    public void setReading(boolean on) {
      reading = on;
    }
  }

  /** A client's side of one call. */
  final class Client implements CallSink {
    final int loop;
    volatile @Nullable String answer;
    volatile @Nullable String cache;
    volatile boolean broken;
    volatile boolean paused;
    private final StringBuilder streamed = new StringBuilder();
    private @Nullable Call call;

    Client(int loop) {
      this.loop = loop;
    }

    private void start(ByteBuf body) {
      LoopContext context = contexts.get(loop);
      RequestScanner scanner = new RequestScanner(1, 64, context.window());
      scanner.reset();
      scanner.feed(body);
      scanner.finish();
      Asker asker = new Asker(chain, chain.clients().ofKey("anybody"));
      Call mine = CallStart.prepare(context, asker, body, scanner.call(0), this);
      call = mine;
      CallStart.run(mine);
    }

    /** The client goes. */
    void leave() {
      on(
          loop,
          () -> {
            if (call != null) {
              call.abandon();
            }
          });
      settle();
    }

    void setReading(boolean on) {
      paused = !on;
      on(
          loop,
          () -> {
            if (call != null) {
              call.setReading(on);
            }
          });
      settle();
    }

    String awaitAnswer() {
      eventually("an answer", () -> answer != null);
      return String.valueOf(answer);
    }

    private void note(Call ended, String text) {
      cache = ended.cacheUse().label();
      answer = text;
    }

    @Override
    public void onWhole(Call ended, int httpStatus, ByteBuf bytes) {
      String text = bytes.toString(StandardCharsets.UTF_8);
      bytes.release();
      note(ended, text);
    }

    @Override
    public void onStart(Call from, long lengthBytes) {}

    @Override
    public void onChunk(Call from, ByteBuf chunk) {
      streamed.append(chunk.toString(StandardCharsets.UTF_8));
      chunk.release();
    }

    @Override
    public void onEnd(Call ended) {
      note(ended, streamed.toString());
    }

    @Override
    public void onBroken(Call ended) {
      broken = true;
    }

    @Override
    public void onNothing(Call ended) {
      note(ended, "");
    }
  }
}
