package io.fairlead.gateway.subscribe;

import java.math.BigInteger;
import java.util.random.RandomGenerator;

/**
 * The ids under which one topic is told: random numbers of 128 bits, one after the other, written
 * as nodes write them.
 *
 * <p>All connections have the same first id, so that a notification is the same bytes for all of
 * them; only a connection that subscribes to the same topic again gets the next one.
 *
 * <p>Thread-safety: immutable.
 */
final class TopicIds {
  private static final int BITS = 126;

  private final BigInteger first;

  TopicIds(RandomGenerator random) {
    BigInteger high = BigInteger.valueOf(random.nextLong() & Long.MAX_VALUE);
    BigInteger low = BigInteger.valueOf(random.nextLong() & Long.MAX_VALUE);
    first = high.shiftLeft(Long.SIZE - 1).or(low).setBit(BITS);
  }

  /**
   * The id of a connection's subscription to the topic.
   *
   * @param ordinal how many others to the same topic the connection has, 0 or more
   * @return {@code 0x} and digits
   */
  String id(int ordinal) {
    return "0x" + first.add(BigInteger.valueOf(ordinal)).toString(16);
  }
}
