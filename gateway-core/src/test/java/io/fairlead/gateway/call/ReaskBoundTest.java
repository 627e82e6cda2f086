package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A call that waits for a block asks again without paying for it. However its upstreams answer, and
 * whether or not they are known or taken to have the block, that must not become a storm.
 */
final class ReaskBoundTest {
  private static final int TRIALS = 60;
  private static final int HEAD = 101;

  /** At once, after 1/4 s, 1/2 s and then every second for three; and when it reaches the block. */
  private static final int MOST_EACH = 6;

  private static final String HASH = String.format(Locale.ROOT, "0x%064x", 7);
  private static final List<List<String>> CALLS =
      List.of(
          List.of("eth_blockNumber", "[]"),
          List.of("eth_getBalance", "['0x1','0x65']"),
          List.of("eth_getBalance", "['0x1','latest']"),
          List.of("eth_getBlockByNumber", "['0x65',false]"),
          List.of("eth_getBlockByNumber", "['latest',false]"),
          List.of("eth_getLogs", "[{'fromBlock':'0x65','toBlock':'0x65'}]"),
          List.of("eth_getTransactionReceipt", "['" + HASH + "']"));
  private static final List<String> ANSWERS =
      List.of(
          "'error':{'code':-32603,'message':'Internal error'}",
          "'error':{'code':-32000,'message':'header not found'}",
          "'error':{'code':-32005,'message':'rate limit'}",
          "'result':null",
          "'result':'0x64'",
          "'result':'0xffffff'",
          "'result':{'number':'0x64','hash':'" + HASH + "'}",
          "'result':{'number':'0xffffff','hash':'" + HASH + "'}",
          "'result':{'blockNumber':'0xffffff','blockHash':'" + HASH + "'}");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aWaitingCallAsksNobodyOftenHoweverItIsAnswered(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < TRIALS; i++) {
      String what = "seed " + seed + " trial " + i;
      CallScene scene = scene(random);
      Client client = new Client(Client.NOTHING);
      if (random.nextBoolean()) {
        client.raise(HeadTag.LATEST, HEAD);
      }
      List<String> call = one(random, CALLS);
      CallScene.Told told = scene.call(client, call.get(0), call.get(1));
      scene.pass(Duration.ofSeconds(11));
      assertNotNull(told.text(), what);
      for (String id : ids(scene)) {
        int asked = scene.node(id).asked.size();
        assertTrue(asked <= MOST_EACH, what + ": " + call + " asked of " + id + " " + asked);
      }
    }
  }

  private static List<String> ids(CallScene scene) {
    return scene.ids().stream().sorted().toList();
  }

  /** Two to four upstreams, some behind, seen a while ago, some of which arrive later. */
  private static CallScene scene(Random random) {
    List<String> ids = new ArrayList<>(List.of("a", "b"));
    ids.addAll(List.of("c", "d").subList(0, random.nextInt(3)));
    CallScene scene = new CallScene(CallHandler.UPSTREAMS, ids.toArray(new String[0]));
    for (String id : ids) {
      CallScene.Node node = scene.node(id);
      String answer = one(random, ANSWERS).replace('\'', '"');
      node.answers = asked -> answer;
      node.standsAt(id.equals("a") ? HEAD : HEAD - random.nextInt(4));
      if (random.nextInt(3) == 0) {
        scene.later(Duration.ofMillis(random.nextInt(8000)), () -> node.standsAt(HEAD));
      }
    }
    scene.agree(HEAD);
    scene.pass(Duration.ofMillis(random.nextInt(5000)));
    return scene;
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
