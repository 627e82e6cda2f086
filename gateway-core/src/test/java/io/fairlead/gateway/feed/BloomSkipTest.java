package io.fairlead.gateway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bouncycastle.jcajce.provider.digest.Keccak;
import org.junit.jupiter.api.Test;

class BloomSkipTest {
  /** The bloom of logs of some addresses, worked out another way. */
  static String bloomOf(String... addresses) {
    BigInteger bloom = BigInteger.ZERO;
    for (String address : addresses) {
      byte[] hash = new Keccak.Digest256().digest(HexFormat.of().parseHex(address.substring(2)));
      for (int pair = 0; pair < 6; pair += 2) {
        int bits = new BigInteger(1, new byte[] {hash[pair], hash[pair + 1]}).intValue();
        bloom = bloom.setBit(bits % 2048);
      }
    }
    return toHex(bloom);
  }

  private static String toHex(BigInteger bloom) {
    String digits = bloom.toString(16);
    return "0x" + "0".repeat(512 - digits.length()) + digits;
  }

  private static String address(Random random) {
    byte[] bytes = new byte[20];
    random.nextBytes(bytes);
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  private static Header block(String bloom) {
    return FeedScene.block('a', 1, 'a', bloom);
  }

  @Test
  void aBlockIsSkippedExactlyIfItsBloomLacksABitOfEachAddress() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      String there = address(random);
      String bloom = bloomOf(there, address(random), address(random));
      BloomSkip skip = new BloomSkip();
      skip.onLogs(block(bloom), List.of(FeedScene.log(there, "x")));
      String other = address(random);
      boolean isCovered = bloomOf(there, other).equals(bloomOf(there));
      assertFalse(isSkipped(skip, bloom, there), "seed " + seed);
      assertFalse(isSkipped(skip, bloom, other, there), "seed " + seed);
      assertEquals(!isCovered, isSkipped(skip, bloomOf(there), other), "seed " + seed);
    }
  }

  private static boolean isSkipped(BloomSkip skip, String bloom, String... addresses) {
    return skip.isSkipped(block(bloom), LogInterest.in(Set.of(addresses)));
  }

  @Test
  void eachOfTheThreeBitsOfAnAddressCounts() {
    String there = FeedScene.ADDRESS;
    BigInteger bloom = new BigInteger(bloomOf(there).substring(2), 16);
    BloomSkip skip = new BloomSkip();
    skip.onLogs(block(bloomOf(there)), List.of(FeedScene.log(there, "x")));
    for (int bit = 0; bit < 2048; bit++) {
      if (bloom.testBit(bit)) {
        assertTrue(isSkipped(skip, toHex(bloom.clearBit(bit)), there), "bit " + bit);
      }
    }
  }

  @Test
  void oneLogThatWasNotAnnouncedIsEnoughWhateverTheOthersAre() {
    String there = FeedScene.ADDRESS;
    Log announced = FeedScene.log(there, "x");
    Log unannounced = FeedScene.log("0x" + "cd".repeat(20), "y");
    for (List<Log> logs :
        List.of(List.of(announced, unannounced), List.of(unannounced, announced))) {
      BloomSkip skip = new BloomSkip();
      skip.onLogs(block(bloomOf(there)), logs);
      skip.onLogs(block(bloomOf(there)), List.of(announced));
      assertFalse(isSkipped(skip, toHex(BigInteger.ZERO), there));
    }
  }

  @Test
  void aHeaderWithoutBloomSaysNothingOfTheOthers() {
    String there = FeedScene.ADDRESS;
    BloomSkip skip = new BloomSkip();
    Header bare = new Header(2, FeedScene.hash('a', 2), FeedScene.hash('a', 1), null, "{}");
    skip.onLogs(bare, List.of(FeedScene.log(there, "x")));
    assertFalse(isSkipped(skip, toHex(BigInteger.ZERO), there), "no bloom was true yet");
    skip.onLogs(block(bloomOf(there)), List.of(FeedScene.log(there, "x")));
    assertTrue(isSkipped(skip, toHex(BigInteger.ZERO), there));
  }

  @Test
  void aHeaderWithoutBloomIsNeverSkipped() {
    BloomSkip skip = new BloomSkip();
    String there = FeedScene.ADDRESS;
    skip.onLogs(block(bloomOf(there)), List.of(FeedScene.log(there, "x")));
    Header bare = new Header(2, FeedScene.hash('a', 2), FeedScene.hash('a', 1), null, "{}");
    assertFalse(skip.isSkipped(bare, LogInterest.ANY));
    assertTrue(skip.isSkipped(bare, LogInterest.NONE));
  }
}
