package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Upstream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A question that is put to several upstreams at once. */
final class BallotQuestionTest {
  private final Client client = new Client(Client.NOTHING);
  private final CallScene scene = new CallScene(this::ask, "high", "low", "lower");

  /** The higher an answer the better, but nobody believes whoever is called high. */
  private static final class Doubting implements Demand, Ballot {
    private final boolean mayStand;

    private Doubting(boolean mayStand) {
      this.mayStand = mayStand;
    }

    @Override
    public @Nullable Doubt judge(Upstream by, HeldAnswer answer) {
      return by.id().equals("high") ? new Doubt("it is called high", mayStand) : null;
    }

    @Override
    public Ballot ballot() {
      return this;
    }

    @Override
    public int width() {
      return 3;
    }

    @Override
    public Vote vote(Upstream by, Verdict verdict, HeldAnswer answer) {
      return answer.isResult()
          ? new Vote(Vote.Kind.STANDS, answer.bytes().getByte(answer.valueStart()))
          : Vote.NOTHING;
    }
  }

  private ActiveAnswer ask(Call call, CallMessage message, AnswerSink sink) {
    boolean mayStand = message.spec().name().equals("net_listening");
    Question question = call.ask(message.retain(), new Doubting(mayStand), sink);
    question.start();
    return question;
  }

  private String told(String method) {
    CallScene.Told told = scene.call(client, method, "[]");
    scene.pass(Duration.ofSeconds(1));
    return CallScene.parse(String.valueOf(told.text())).path("result").toString();
  }

  @Test
  void theHighestOfThoseThatAreBelievedIsTheAnswer() {
    scene.node("high").answers = call -> "\"result\":9";
    scene.node("low").answers = call -> "\"result\":5";
    scene.node("lower").answers = call -> "\"result\":4";
    assertEquals("5", told("net_peerCount"));
    assertEquals(1, scene.node("high").count("net_peerCount"));
  }

  @Test
  void whatIsNotBelievedIsBetterThanNothingOnlyIfItMayBe() {
    for (String id : new String[] {"low", "lower"}) {
      scene.node(id).answers = call -> "\"error\":{\"code\":-32603,\"message\":\"Internal error\"}";
    }
    scene.node("high").answers = call -> "\"result\":9";
    assertEquals("9", told("net_listening"));
    assertTrue(told("net_peerCount").isEmpty(), "an error");
  }
}
