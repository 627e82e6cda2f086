package io.fairlead.gateway.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.fairlead.gateway.testing.RealTime;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/** Lists are written as another program writes them. */
final class RlpTest {
  private static final int CASES = 500;
  private static final int[] LENGTHS = {0, 1, 2, 8, 20, 32, 54, 55, 56, 57, 255, 256, 257, 70_000};

  @Test
  void listsOfEveryLengthAreWrittenAsWeb3jDoes() {
    long seed = RealTime.CLOCK.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      Rlp rlp = new Rlp();
      List<RlpType> items = new ArrayList<>();
      for (int n = random.nextInt(6); n > 0; n--) {
        byte[] bytes = new byte[LENGTHS[random.nextInt(LENGTHS.length)]];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
          rlp.addBytes(bytes);
          items.add(RlpString.create(bytes));
        } else {
          byte[] small = {0, 0, (byte) random.nextInt(), (byte) random.nextInt(3)};
          rlp.addQuantity(small);
          items.add(RlpString.create(new BigInteger(1, small)));
        }
      }
      byte[] expected = RlpEncoder.encode(new RlpList(items));
      assertArrayEquals(expected, rlp.toList(), "seed " + seed + " case " + i);
    }
  }
}
