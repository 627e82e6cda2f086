package io.fairlead.gateway.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.bouncycastle.crypto.macs.SipHash128;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hash is SipHash-2-4-128, whatever the bytes come in. */
class KeyedHashTest {
  private static final int INPUTS = 2_000;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void itIsSipHashOfTheBytes(long seed) {
    Random random = new Random(seed);
    byte[] key = new byte[KeyedHash.KEY_BYTES];
    random.nextBytes(key);
    KeyedHash hash = new KeyedHash(key);
    SipHash128 library = new SipHash128();
    library.init(new KeyParameter(key));
    for (int i = 0; i < INPUTS; i++) {
      for (int pieces = random.nextInt(9); pieces > 0; pieces--) {
        addPiece(random, hash, library);
      }
      hash.end();
      byte[] expected = new byte[16];
      library.doFinal(expected, 0);
      ByteBuffer words = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals(words.getLong(), hash.high(), "seed " + seed + " input " + i);
      assertEquals(words.getLong(), hash.low(), "seed " + seed + " input " + i);
    }
  }

  private static void addPiece(Random random, KeyedHash hash, SipHash128 library) {
    switch (random.nextInt(3)) {
      case 0 -> {
        long value = random.nextLong();
        hash.add(value);
        byte[] bytes = ByteBuffer.allocate(8).putLong(value).array();
        library.update(bytes, 0, bytes.length);
      }
      case 1 -> {
        int b = random.nextInt(256);
        hash.add(b);
        library.update((byte) b);
      }
      default -> addText(random, hash, library);
    }
  }

  private static void addText(Random random, KeyedHash hash, SipHash128 library) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(300); length > 0; length--) {
      text.append((char) (random.nextInt(20) == 0 ? 0x20ac : ' ' + random.nextInt(95)));
    }
    boolean isLower = random.nextBoolean();
    hash.add(text.toString().toCharArray(), 0, text.length(), isLower);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        library.update((byte) (isLower && c >= 'A' && c <= 'Z' ? c + 32 : c));
      } else {
        library.update((byte) 0xff);
        library.update((byte) (c >>> 8));
        library.update((byte) c);
      }
    }
  }
}
