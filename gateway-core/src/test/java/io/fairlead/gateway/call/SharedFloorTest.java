package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.cache.AnswerStore;
import io.fairlead.gateway.cache.CacheHandler;
import io.fairlead.gateway.cache.CacheObserver;
import io.fairlead.gateway.cache.ChainCache;
import io.fairlead.gateway.cache.ChainView;
import io.fairlead.gateway.cache.ClientTerms;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is given what another client asked for has been told of its block all the same. */
final class SharedFloorTest {
  private static final String METHOD = "eth_getBlockByNumber";
  private static final String PARAMS = "['0x65',false]";
  private static final String BLOCK = "{\"number\":\"0x65\",\"hash\":\"0x" + "a".repeat(64) + '"';

  private final ChainCache cache =
      new ChainCache(new AnswerStore(8 << 20), () -> ChainView.NOTHING, CacheObserver.NONE);
  private final CallScene scene =
      new CallScene(
          new CacheHandler(cache, ClientTerms.NONE, CallHandler.UPSTREAMS, 1), "one", "other");
  private final Client first = new Client(Client.NOTHING);
  private final Client second = new Client(Client.NOTHING);

  @BeforeEach
  void begin() {
    scene.node("one").standsAt(101);
    scene.node("other").standsAt(101);
    scene.agree(101);
    scene.pass(Duration.ofMillis(200));
  }

  /** Nodes write the id before the result; the longer of these come in pieces. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2_000, 100_000, 200_000})
  void whoeverFollowsIsToldOfTheBlock(int more) {
    String result = BLOCK + ",\"extraData\":\"0x" + "0".repeat(more) + "\"}";
    scene.node("one").answers = call -> "\"result\":" + result;
    scene.node("other").answers = scene.node("one").answers;
    CallScene.Told leading = scene.call(first, METHOD, PARAMS);
    CallScene.Told following = scene.call(second, METHOD, PARAMS);
    scene.pass(Duration.ofSeconds(1));
    assertEquals(1, scene.node("one").count(METHOD) + scene.node("other").count(METHOD));
    assertTrue(String.valueOf(leading.text()).contains(result));
    assertEquals(leading.text(), following.text());
    assertEquals(101, first.floor(HeadTag.LATEST));
    assertEquals(101, second.floor(HeadTag.LATEST));
  }
}
