package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Brief calls of one turn of the loop go together, and none does another harm. */
class TrainsTest extends PoolScene {
  private final CountDownLatch held = new CountDownLatch(1);

  /** What arrived, as "connection body". */
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();

  TrainsTest() {
    super(Transport.NIO);
  }

  @AfterEach
  void releaseWhoIsHeld() {
    held.countDown();
  }

  /** Echoes bodies; some make it do something else. */
  private void serve(ScriptedServer.Peer peer) throws IOException {
    boolean wasStuck = false;
    String request = peer.readRequest();
    while (request != null) {
      String body = request.substring(request.indexOf("\r\n\r\n") + 4);
      requests.add(peer.number() + " " + body);
      if (body.startsWith("mute") && wasStuck) {
        peer.awaitEnd();
        return;
      }
      if (body.startsWith("hold") || body.startsWith("stuck")) {
        wasStuck = true;
        awaitLatch(held);
      } else if (body.startsWith("reset")) {
        peer.reset();
        return;
      } else if (body.startsWith("end")) {
        return;
      } else if (body.startsWith("last")) {
        peer.send(ScriptedServer.ok(body).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        return;
      } else if (body.startsWith("odd")) {
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n");
      }
      peer.send(ScriptedServer.ok(body));
      request = peer.readRequest();
    }
  }

  /** A pool with idle connections and one call under way, whose trains may be long. */
  private PoolFixture busyPool(int idle) {
    ScriptedServer server = serve(this::serve);
    PoolFixture fixture = poolFor(server);
    UpstreamAddress address = PoolFixture.address("http://127.0.0.1:" + server.port() + "/");
    fixture.apply(List.of(new PoolSpec(0, address, Integer.MAX_VALUE, true, Http2Use.AUTO)));
    List<Answer> first = new ArrayList<>();
    fixture.run(
        () -> {
          for (int i = 0; i <= idle; i++) {
            first.add(new Answer());
            fixture.post0("open" + i, first.get(i));
          }
        });
    first.forEach(Answer::await);
    awaitIdle(fixture, idle + 1);
    fixture.post("hold");
    Eventually.holds("held", LIMIT, () -> requests.stream().anyMatch(r -> r.endsWith(" hold")));
    fixture.run(() -> teach(fixture));
    requests.clear();
    return fixture;
  }

  private static void teach(PoolFixture fixture) {
    for (int i = 0; i < 200; i++) {
      trainsOf(fixture).length().onFollowing(1, false, 0);
    }
  }

  private static Trains trainsOf(PoolFixture fixture) {
    Trains trains = poolOf(fixture).trains();
    if (trains == null) {
      throw new AssertionError("no trains");
    }
    return trains;
  }

  /** To be called on the loop. */
  private static UpstreamPool poolOf(PoolFixture fixture) {
    UpstreamPool pool = fixture.pools.pool(0);
    if (pool == null) {
      throw new AssertionError("no pool at slot 0");
    }
    return pool;
  }

  private static List<Answer> postBrief(PoolFixture fixture, String... bodies) {
    List<Answer> answers = new ArrayList<>();
    fixture.run(
        () -> {
          for (String body : bodies) {
            answers.add(new Answer());
            postOne(fixture, body, answers.get(answers.size() - 1));
          }
        });
    return answers;
  }

  private static UpstreamExchange postOne(PoolFixture fixture, String body, Answer answer) {
    answer.mayBeCalled(false);
    ByteBuf bytes = fixture.body(body);
    UpstreamExchange exchange = poolOf(fixture).post(bytes, true, answer);
    answer.mayBeCalled(true);
    return exchange;
  }

  private List<String> connectionsOf(String... bodies) {
    return List.of(bodies).stream()
        .map(
            body ->
                requests.stream().filter(r -> r.endsWith(" " + body)).findFirst().orElse("none "))
        .map(request -> request.substring(0, request.indexOf(' ')))
        .toList();
  }

  private void assertNothingIsLeft(PoolFixture fixture) {
    held.countDown();
    Eventually.holds("nothing under way", LIMIT, () -> fixture.call(() -> active(fixture)) == 0);
  }

  private static int active(PoolFixture fixture) {
    return poolOf(fixture).active();
  }

  @Test
  void callsOfOneTurnShareAConnectionAndEachHasItsOwnAnswer() {
    PoolFixture fixture = busyPool(3);
    List<Answer> answers = postBrief(fixture, "a", "bb", "ccc", "dddd");
    assertEquals(List.of("a", "bb", "ccc", "dddd"), answers.stream().map(Answer::text).toList());
    List<String> connections = connectionsOf("a", "bb", "ccc", "dddd");
    assertEquals(1, connections.stream().distinct().count(), connections::toString);
    awaitIdle(fixture, 3);
    assertEquals(1, fixture.call(() -> active(fixture)));
    assertNothingIsLeft(fixture);
  }

  @Test
  void aTrainTakesNoMoreThanItsLength() {
    PoolFixture fixture = busyPool(3);
    String[] bodies = new String[TrainLength.MOST + 2];
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] = "n" + i;
    }
    List<Answer> answers = postBrief(fixture, bodies);
    assertEquals(List.of(bodies), answers.stream().map(Answer::text).toList());
    List<String> used = connectionsOf(bodies);
    assertEquals(1, used.subList(0, TrainLength.MOST).stream().distinct().count());
    assertNotEquals(used.get(0), used.get(TrainLength.MOST));
  }

  @Test
  void whoIsNotBriefGoesAloneAndSoDoesTheOnlyCallUnderWay() {
    PoolFixture fixture = busyPool(3);
    Answer first = new Answer();
    Answer second = new Answer();
    fixture.run(
        () -> {
          fixture.post0("x", first);
          fixture.post0("y", second);
        });
    first.await();
    second.await();
    assertNotEquals(connectionsOf("x"), connectionsOf("y"));
    assertNothingIsLeft(fixture);
    awaitIdle(fixture, 4);
    List<Answer> pair = postBrief(fixture, "u", "v");
    pair.forEach(Answer::await);
    assertNotEquals(connectionsOf("u"), connectionsOf("v"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"last", "end", "reset", "odd"})
  void whoRidesBehindAConnectionsEndIsSentAgainAndHearsNothingOfIt(String what) {
    PoolFixture fixture = busyPool(3);
    List<Answer> answers = postBrief(fixture, "a", what, "b", "c");
    if (what.equals("reset")) {
      answers.get(0).await(); // which a reset may take along on its way
    } else {
      assertEquals("a", answers.get(0).text());
    }
    assertEquals("b", answers.get(2).text());
    assertEquals("c", answers.get(3).text());
    if (what.equals("last")) {
      assertEquals("last", answers.get(1).text());
    } else {
      assertNotEquals(Kind.POOL_CLOSED, answers.get(1).awaitFailure().kind());
    }
    assertNothingIsLeft(fixture);
  }

  @Test
  void manyBrokenTrainsEndTrains() {
    PoolFixture fixture = busyPool(3);
    for (int i = 0; i < 20; i++) {
      postBrief(fixture, "last" + i, "b" + i).forEach(Answer::text);
    }
    requests.clear();
    postBrief(fixture, "x", "y").forEach(Answer::text);
    assertNotEquals(connectionsOf("x"), connectionsOf("y"));
  }

  @Test
  void whoIsCalledOffBehindAnotherIsDroppedAndTheOthersAreAnswered() {
    PoolFixture fixture = busyPool(3);
    Answer[] answers = {new Answer(), new Answer(), new Answer()};
    fixture.run(
        () -> {
          postOne(fixture, "a", answers[0]);
          UpstreamExchange second = postOne(fixture, "b", answers[1]);
          postOne(fixture, "c", answers[2]);
          second.cancel();
          answers[1].mayBeCalled(false);
        });
    assertEquals("a", answers[0].text());
    assertEquals("c", answers[2].text());
    assertEquals(0, answers[1].callbacks());
    assertNothingIsLeft(fixture);
    awaitIdle(fixture, 4);
  }

  @Test
  void whoIsCalledOffWhileItIsDueLetsTheOthersGoOnTheirOwn() {
    PoolFixture fixture = busyPool(3);
    Answer[] answers = {new Answer(), new Answer(), new Answer()};
    UpstreamExchange first =
        fixture.call(
            () -> {
              UpstreamExchange due = postOne(fixture, "stuck", answers[0]);
              postOne(fixture, "b", answers[1]);
              postOne(fixture, "c", answers[2]);
              return due;
            });
    fixture.run(first::cancel);
    assertEquals("b", answers[1].text());
    assertEquals("c", answers[2].text());
    assertEquals(0, answers[0].callbacks());
    assertNothingIsLeft(fixture);
  }

  @Test
  void whoWaitsBehindOneThatIsStuckGoesOnItsOwn() {
    PoolFixture fixture = busyPool(3);
    List<Answer> answers = postBrief(fixture, "stuck", "b", "c");
    fixture.post("x").await(); // the upstream goes on answering others
    assertEquals("b", answers.get(1).text());
    assertEquals("c", answers.get(2).text());
    assertEquals(0, answers.get(0).callbacks());
    held.countDown();
    assertEquals("stuck", answers.get(0).text());
    assertNothingIsLeft(fixture);
  }

  @Test
  void aConnectionThatSomebodyLeftIsNotUsedAgainForTheAnswerIsStillToCome() {
    PoolFixture fixture = busyPool(3);
    List<Answer> answers = postBrief(fixture, "stuck", "mute");
    fixture.post("x").await();
    assertEquals("mute", answers.get(1).text());
    held.countDown();
    assertEquals("stuck", answers.get(0).text());
    awaitIdle(fixture, 3);
    assertEquals(3, fixture.connections());
  }

  @Test
  void whileNobodyIsAnsweredNobodyIsSentAgain() {
    PoolFixture fixture = busyPool(3);
    List<Answer> answers = postBrief(fixture, "stuck", "b", "c");
    Eventually.holds("sent", LIMIT, () -> requests.size() == 1);
    fixture
        .call(() -> fixture.loop.eventLoop().schedule(() -> true, 300, TimeUnit.MILLISECONDS))
        .awaitUninterruptibly();
    held.countDown();
    assertEquals(List.of("stuck", "b", "c"), answers.stream().map(Answer::text).toList());
    assertEquals(3, requests.size());
  }

  @Test
  void aSlowReaderKeepsNobodyWaiting() {
    PoolFixture fixture = busyPool(3);
    List<UpstreamExchange> exchanges = new ArrayList<>();
    Answer[] answers = {new Answer(), new Answer()};
    fixture.run(
        () -> {
          exchanges.add(postOne(fixture, "stuck", answers[0]));
          postOne(fixture, "b", answers[1]);
        });
    fixture.run(() -> exchanges.get(0).setReading(false));
    assertEquals("b", answers[1].text());
    int most = fixture.call(() -> trainsOf(fixture).length().most(fixture.loop));
    assertEquals(TrainLength.MOST, most, "nobody had to wait in vain");
    held.countDown();
    fixture.run(() -> exchanges.get(0).setReading(true));
    assertEquals("stuck", answers[0].text());
    assertNothingIsLeft(fixture);
  }

  @Test
  void aPoolThatClosesAnswersWhoIsOnTheWay() {
    PoolFixture fixture = busyPool(3);
    List<Answer> answers = postBrief(fixture, "a", "b", "c");
    fixture.apply(List.of());
    answers.forEach(Answer::await);
    assertTrue(
        answers.stream().allMatch(a -> a.failure == null || a.failure.kind() == Kind.POOL_CLOSED));
  }

  @Test
  void whateverTheServerDoesEachCallEndsOnceWithItsOwnAnswerOrAFailure() {
    String[] kinds = {"a", "b", "c", "d", "e", "f", "last", "end", "odd"};
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    PoolFixture fixture = busyPool(8);
    long before = fixture.call(fixture::usedDirectBytes);
    for (int turn = 0; turn < 60; turn++) {
      String[] bodies = new String[1 + random.nextInt(20)];
      for (int i = 0; i < bodies.length; i++) {
        bodies[i] = kinds[random.nextInt(kinds.length)] + turn + "-" + i;
      }
      fixture.run(() -> teach(fixture));
      List<Answer> answers = postBrief(fixture, bodies);
      for (int i = 0; i < bodies.length; i++) {
        answers.get(i).await();
        boolean isHarmless = bodies[i].length() > 0 && "abcdefl".indexOf(bodies[i].charAt(0)) >= 0;
        if (!isHarmless || bodies[i].startsWith("end")) {
          assertTrue(answers.get(i).failure != null, bodies[i]);
        } else {
          assertEquals(bodies[i], answers.get(i).text());
        }
      }
    }
    assertNothingIsLeft(fixture);
    assertFalse(fixture.call(fixture::usedDirectBytes) > before + (4 << 20));
  }
}
