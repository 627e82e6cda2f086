package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Answers that a server keeps until the one before is acknowledged do not end trains. */
class AcknowledgementTest extends PoolScene {
  private static final int ROUNDS = 10;
  private static final List<String> BODIES = List.of("a", "b", "c");

  /** The numbers of the connections that brought a request. */
  private final Queue<Integer> arrivals = new ConcurrentLinkedQueue<>();

  AcknowledgementTest() {
    super(Transport.EPOLL);
  }

  @Test
  void aServerThatWaitsForAcknowledgementsKeepsItsTrains() {
    PoolFixture fixture = poolFor(serve(this::echo));
    UpstreamAddress address = fixture.pool().address();
    fixture.apply(List.of(new PoolSpec(0, address, Integer.MAX_VALUE, true, Http2Use.AUTO)));
    Eventually.holds(ROUNDS + " trains in a row", LIMIT, () -> shareInEachRound(fixture));
  }

  private void echo(ScriptedServer.Peer peer) throws IOException {
    peer.waitForAcknowledgements();
    String request = peer.readRequest();
    while (request != null) {
      arrivals.add(peer.number());
      peer.send(ScriptedServer.ok(request.substring(request.indexOf("\r\n\r\n") + 4)));
      request = peer.readRequest();
    }
  }

  private boolean shareInEachRound(PoolFixture fixture) {
    for (int round = 0; round < ROUNDS; round++) {
      if (!share(fixture)) {
        return false;
      }
    }
    return true;
  }

  /** Whether some of the calls of one turn of the loop shared a connection. */
  private boolean share(PoolFixture fixture) {
    arrivals.clear();
    List<Answer> answers = new ArrayList<>();
    UpstreamPool pool = fixture.pool();
    fixture.run(
        () -> {
          for (String body : BODIES) {
            Answer answer = new Answer();
            answers.add(answer);
            pool.post(fixture.body(body), true, answer);
          }
        });
    assertEquals(BODIES, answers.stream().map(Answer::text).toList());
    return arrivals.stream().distinct().count() < BODIES.size();
  }
}
