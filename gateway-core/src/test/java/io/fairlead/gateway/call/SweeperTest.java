package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.cache.AnswerStore;
import io.fairlead.gateway.cache.CacheHandler;
import io.fairlead.gateway.cache.CacheObserver;
import io.fairlead.gateway.cache.ChainCache;
import io.fairlead.gateway.cache.ChainView;
import io.fairlead.gateway.cache.ClientTerms;
import io.fairlead.gateway.client.Client;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One call whose end nobody can hear is no other call's misfortune. */
final class SweeperTest {
  private static final Duration LONGER_THAN_A_CALL = Duration.ofSeconds(11);

  private final ChainCache cache =
      new ChainCache(new AnswerStore(1 << 20), () -> ChainView.NOTHING, CacheObserver.NONE);
  private final CallScene scene =
      new CallScene(
          new CacheHandler(cache, ClientTerms.NONE, CallHandler.UPSTREAMS, 1), "one", "two");
  private final Client client = new Client(Client.NOTHING);

  /** Where no answer can be taken. */
  private static final class Broken extends CallScene.Told {
    @Override
    public void onWhole(Call call, int httpStatus, ByteBuf answer) {
      super.onWhole(call, httpStatus, answer);
      throw new IllegalStateException("on purpose");
    }
  }

  @BeforeEach
  void nobodyAnswers() {
    for (String id : new String[] {"one", "two"}) {
      scene.node(id).answers = call -> null;
      scene.node(id).standsAt(100);
    }
    scene.agree(100);
    scene.pass(Duration.ofMillis(200));
  }

  @Test
  void everyCallEndsAlthoughTheEndOfAnotherCannotBeHeard() {
    CallScene.Told before = scene.call(client, "eth_getBalance", "['0xa','latest']");
    Broken broken = new Broken();
    scene.call(client, "eth_getBalance", "['0xb','latest']", broken);
    scene.pass(LONGER_THAN_A_CALL);
    assertNotNull(broken.text());
    assertNotNull(before.text());
    CallScene.Told after = scene.call(client, "eth_getBalance", "['0xc','latest']");
    scene.pass(LONGER_THAN_A_CALL);
    assertNotNull(after.text());
  }

  @Test
  void whoeverWaitsForAnAnswerThatCannotBeHeardGetsItsOwn() {
    Broken leader = new Broken();
    scene.call(client, "eth_getBalance", "['0xa','0x10']", leader);
    scene.pass(Duration.ofSeconds(1));
    Broken follower = new Broken();
    scene.call(client, "eth_getBalance", "['0xa','0x10']", follower);
    CallScene.Told other = scene.call(client, "eth_getBalance", "['0xa','0x10']");
    scene.pass(LONGER_THAN_A_CALL);
    assertNotNull(leader.text());
    assertNotNull(follower.text());
    assertNotNull(other.text());
    String result = "\"result\":\"0x1\"";
    scene.node("one").answers = call -> result;
    scene.node("two").answers = call -> result;
    CallScene.Told after = scene.call(client, "eth_getBalance", "['0xa','0x10']");
    scene.pass(Duration.ofSeconds(5));
    assertTrue(String.valueOf(after.text()).contains(result), after.text());
  }
}
