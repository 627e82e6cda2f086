package io.fairlead.gateway.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Inputs made of others: bytes changed, cut out, doubled, and halves of two put together. */
final class Mutations {
  private static final int MOST_CHANGES = 6;
  private static final int MOST_BYTES = 16;
  private static final byte[] ODD = {0, 1, -1, 127, -128, '"', '\\', '{', '}', '[', ']', ',', ':'};

  private final List<byte[]> seeds;
  private final Random random;

  Mutations(List<byte[]> seeds, Random random) {
    this.seeds = seeds;
    this.random = random;
  }

  byte[] next() {
    byte[] input = seed();
    for (int changes = random.nextInt(MOST_CHANGES); changes > 0; changes--) {
      input = changed(input);
    }
    return input;
  }

  private byte[] seed() {
    return seeds.get(random.nextInt(seeds.size())).clone();
  }

  private byte[] changed(byte[] input) {
    int at = random.nextInt(input.length + 1);
    int to = Math.min(input.length, at + 1 + random.nextInt(MOST_BYTES));
    return switch (random.nextInt(6)) {
      case 0 -> joined(input, at, new byte[] {ODD[random.nextInt(ODD.length)]}, at);
      case 1 -> joined(input, at, new byte[] {(byte) random.nextInt()}, to);
      case 2 -> joined(input, at, new byte[0], to);
      case 3 -> joined(input, at, Arrays.copyOfRange(input, at, to), at);
      case 4 -> flipped(input, at);
      default -> halves(input, at);
    };
  }

  /** What precedes one place, something in between, and what follows another. */
  private static byte[] joined(byte[] input, int before, byte[] between, int after) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(input, 0, before);
    out.writeBytes(between);
    out.write(input, after, input.length - after);
    return out.toByteArray();
  }

  private byte[] flipped(byte[] input, int at) {
    if (at < input.length) {
      input[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return input;
  }

  private byte[] halves(byte[] input, int at) {
    byte[] other = seed();
    int from = random.nextInt(other.length + 1);
    return joined(input, at, Arrays.copyOfRange(other, from, other.length), input.length);
  }
}
