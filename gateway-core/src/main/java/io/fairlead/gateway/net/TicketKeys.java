package io.fairlead.gateway.net;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/**
 * The keys that session tickets are sealed with: a new one each hour, three of them known.
 *
 * <p>A ticket can be used while its key is known, so for two hours at the least and three at the
 * most. Whoever steals the keys can read what those hours carried over TLS 1.2; with TLS 1.3 each
 * resumption agrees on fresh keys (RFC 8446, section 2.2). Keys never leave the process.
 *
 * <p>Thread-safety: not safe; its owner locks.
 */
final class TicketKeys {
  static final Duration PERIOD = Duration.ofHours(1);
  static final int KNOWN = 3;

  /** How long a session may be resumed without fail. */
  static final Duration LIFETIME = PERIOD.multipliedBy(KNOWN - 1);

  private final SecureRandom random;
  private final ArrayDeque<OpenSslSessionTicketKey> keys = new ArrayDeque<>();
  private Instant madeAt;

  TicketKeys(SecureRandom random, Instant now) {
    this.random = random;
    this.madeAt = now;
    keys.add(newKey());
  }

  /** Makes a new key and forgets the oldest, if it is time; whether it was. */
  boolean tryRotate(Instant now) {
    if (now.isBefore(madeAt.plus(PERIOD))) {
      return false;
    }
    madeAt = now;
    keys.addFirst(newKey());
    if (keys.size() > KNOWN) {
      keys.removeLast();
    }
    return true;
  }

  /** Makes all tickets void. */
  void renew(Instant now) {
    keys.clear();
    keys.add(newKey());
    madeAt = now;
  }

  /** The keys, the one that seals first. */
  OpenSslSessionTicketKey[] all() {
    return keys.toArray(OpenSslSessionTicketKey[]::new);
  }

  private OpenSslSessionTicketKey newKey() {
    return new OpenSslSessionTicketKey(
        bytes(OpenSslSessionTicketKey.NAME_SIZE),
        bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
        bytes(OpenSslSessionTicketKey.AES_KEY_SIZE));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
