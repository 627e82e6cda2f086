package io.fairlead.gateway.upstream.socket;

import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.gateway.upstream.ExchangeFailure;
import io.fairlead.gateway.upstream.ExchangeListener;
import io.fairlead.gateway.upstream.RequestShape;
import io.fairlead.gateway.upstream.UpstreamExchange;
import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.time.Scheduler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A port among an upstream's HTTP and WebSocket that do as a test says, in virtual time. */
final class CarrierScene implements Upgrades, CarrierObserver, AutoCloseable {
  static final int BUSY = SocketPort.LEAST_UNDER_WAY;

  final ManualScheduler time = new ManualScheduler();
  final List<Asked> http = new ArrayList<>();
  final List<UpgradeListener> upgrades = new ArrayList<>();
  final Map<Moved, Integer> moved = new EnumMap<>(Moved.class);
  private final List<ServerEnd> servers = new ArrayList<>();
  final SocketPort port;
  int httpUnderWay;
  int overHttp;
  int overSocket;
  int strays;
  int open;
  int cancelledUpgrades;
  long lagNanos;

  CarrierScene() {
    this(1000, 1000);
  }

  /** With so many connections after failures, and repeats of silent calls, to spend. */
  CarrierScene(int connects, int repeats) {
    SplittableRandom random = new SplittableRandom(20261122);
    SocketMeans means =
        new SocketMeans(
            new Lagging(), random.split(), random.split(), budget(connects), budget(repeats));
    port = new SocketPort(this::ask, () -> httpUnderWay, this, means, this);
  }

  /** A budget that hardly fades. */
  private Budget budget(int tokens) {
    return new Budget(0, tokens / 10.0, time);
  }

  /** Ends all connections and drops what nobody has read. */
  @Override
  public void close() {
    for (ServerEnd server : servers) {
      server.channel.close();
      server.channel.runPendingTasks();
      server.channel.releaseOutbound();
    }
  }

  /** Time whose tasks may run late, as on a loop that stood still. */
  private final class Lagging implements Scheduler {
    @Override
    public long nanoTime() {
      return time.nanoTime();
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
      return time.schedule(task, delayNanos + lagNanos);
    }
  }

  /** A request that went over HTTP. */
  record Asked(String body, ExchangeListener listener, UpstreamExchange exchange) {}

  private UpstreamExchange ask(ByteBuf body, boolean isBrief, ExchangeListener listener) {
    Exchange exchange = new Exchange();
    http.add(new Asked(body.toString(StandardCharsets.UTF_8), listener, exchange));
    body.release();
    return exchange;
  }

  /** What became of an exchange over HTTP. */
  static final class Exchange implements UpstreamExchange {
    boolean isCancelled;
    boolean isReading = true;

    @Override
    public void cancel() {
      isCancelled = true;
    }

    @Override
    public void setReading(boolean on) {
      isReading = on;
    }
  }

  @Override
  public Upgrade begin(UpgradeListener listener) {
    upgrades.add(listener);
    return () -> cancelledUpgrades++;
  }

  @Override
  public void onCall(boolean socket) {
    if (socket) {
      overSocket++;
    } else {
      overHttp++;
    }
  }

  @Override
  public void onMoved(Moved why) {
    moved.merge(why, 1, Integer::sum);
  }

  @Override
  public void onStray() {
    strays++;
  }

  @Override
  public void onOpen() {
    open++;
  }

  @Override
  public void onEnd() {
    open--;
  }

  /** What a listener heard, and how it may act on it. */
  static final class Heard implements ExchangeListener {
    final List<String> answers = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    UpstreamExchange exchange = new Exchange();

    @Override
    public void onHead(int status, HttpHeaders headers, long contentLength) {
      body.append(status).append(' ').append(contentLength).append(' ');
    }

    @Override
    public void onContent(ByteBuf chunk) {
      body.append(chunk.toString(StandardCharsets.UTF_8));
      chunk.release();
    }

    @Override
    public void onComplete() {
      answers.add(body.toString());
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
      answers.add(failure.kind().name());
    }
  }

  /** A call of a method. */
  record Call(int methodIndex, boolean isBrief, int idOffset, int idLength)
      implements RequestShape {}

  /** Posts a brief call with an id. */
  Heard post(String id) {
    return post(id, 7, true);
  }

  Heard post(String id, int method, boolean isBrief) {
    String before = "{\"jsonrpc\":\"2.0\",\"id\":";
    return post(
        before + id + ",\"method\":\"eth_x\"}",
        new Call(method, isBrief, before.length(), id.length()));
  }

  Heard post(String body, RequestShape shape) {
    Heard heard = new Heard();
    ByteBuf bytes = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
    heard.exchange = port.post(bytes, shape, heard);
    return heard;
  }

  /** Makes the port busy and opens the connection that it then wants. */
  ServerEnd open() {
    httpUnderWay = BUSY;
    post("0");
    http.clear();
    return accept();
  }

  /** Accepts the newest upgrade. */
  ServerEnd accept() {
    ServerEnd server = new ServerEnd();
    return accept(server);
  }

  ServerEnd accept(ServerEnd server) {
    servers.add(server);
    upgrades.get(upgrades.size() - 1).onUpgraded(server.channel);
    return server;
  }

  void pass(Duration duration) {
    time.advance(duration);
  }

  /** The bodies that went over HTTP. */
  List<String> bodies() {
    return http.stream().map(Asked::body).toList();
  }
}
