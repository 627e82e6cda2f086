package io.fairlead.gateway.subscribe;

import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallSink;
import io.fairlead.gateway.call.CallStart;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.QuietChain;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.feed.Header;
import io.fairlead.gateway.feed.Log;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.AnswerClassifier;
import io.fairlead.gateway.net.TestLoops;
import io.fairlead.routing.table.Picker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Connections on two event loops of one chain whose story the test tells. */
final class SubscribeScene {
  final AtomicInteger sends = new AtomicInteger();
  final List<Wanted> wanted = new ArrayList<>();
  final Subscriptions subscriptions;
  private final List<EmbeddedChannel> channels = List.of(channel(), channel());
  private final List<LoopContext> loops = new ArrayList<>();
  private final ChainRuntime chain =
      QuietChain.answeredBy(
          CallHandler.UPSTREAMS, MethodPolicy.ofChain(MethodSpecs.evm(), List.of(), List.of()));

  SubscribeScene() {
    for (int i = 0; i < channels.size(); i++) {
      loops.add(
          new LoopContext(
              TestLoops.embedded(i, channels.get(i).eventLoop()),
              new Picker(new Random(1)),
              upstream -> null,
              AnswerClassifier.evm()));
    }
    subscriptions =
        new Subscriptions(
            loops.get(0),
            loops,
            new Subscriptions.Means(RandomGenerator.getDefault(), wanted::add, sends::addAndGet));
  }

  private static EmbeddedChannel channel() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    return channel;
  }

  /** Hands a task to a loop, behind all that it was handed before. */
  void execute(int loop, Runnable task) {
    loops.get(loop).execute(task);
  }

  /** Lets all loops do what they owe each other. */
  void settle() {
    for (int i = 0; i < 8; i++) {
      channels.forEach(EmbeddedChannel::runPendingTasks);
    }
  }

  Connection connect(int loop) {
    return new Connection(loops.get(loop));
  }

  static Header block(long number, String fork) {
    return new Header(
        number,
        hash(number, fork),
        hash(number - 1, fork),
        null,
        "{\"n\":\"" + number + fork + "\"}");
  }

  private static String hash(long number, String fork) {
    return String.format(Locale.ROOT, "0x%062x%s", number, fork);
  }

  static Log log(int address, String name) {
    return new Log(
        String.format(Locale.ROOT, "0x%040x", address),
        List.of(),
        "{\"log\":\"" + name + "\",\"removed\":false}",
        "{\"log\":\"" + name + "\",\"removed\":true}");
  }

  /** One client's connection; keeps what it is sent. */
  final class Connection implements Subscriber, CallSink {
    final List<String> received = new ArrayList<>();
    final Client client = new Client(Client.NOTHING);
    private final LoopContext loop;
    private final ConnectionSubscriptions own;
    private String lastAnswer = "";

    Connection(LoopContext loop) {
      this.loop = loop;
      this.own = subscriptions.open(loop, this);
    }

    /** Asks and gives the answer, once all loops have come to rest. */
    String ask(String method, String params) {
      begin(method, params);
      settle();
      return lastAnswer;
    }

    void begin(String method, String params) {
      String text =
          "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + params + "}";
      ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
      RequestScanner scanner = new RequestScanner(1, 64, loop.window());
      scanner.reset();
      scanner.feed(body);
      scanner.finish();
      Asker asker = new Asker(chain, client, own);
      CallStart.run(CallStart.prepare(loop, asker, body, scanner.call(0), this));
    }

    /** Subscribes and gives the id. */
    String subscribe(String params) {
      String answer = ask("eth_subscribe", params);
      int at = answer.indexOf("0x");
      if (at < 0) {
        throw new AssertionError(answer);
      }
      return answer.substring(at, answer.indexOf('"', at));
    }

    void leave() {
      own.close();
    }

    @Override
    public void send(Notification notification) {
      ByteBuf text = notification.toText();
      received.add(text.toString(StandardCharsets.UTF_8));
      text.release();
    }

    @Override
    public void lose(String reason) {
      received.add("lost: " + reason);
    }

    @Override
    public void onWhole(Call call, int httpStatus, ByteBuf answer) {
      lastAnswer = answer.toString(StandardCharsets.UTF_8);
      received.add(lastAnswer);
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
    public void onNothing(Call call) {
      received.add("nothing");
    }
  }

  static String notification(String id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\""
        + id
        + "\",\"result\":"
        + result
        + "}}";
  }
}
