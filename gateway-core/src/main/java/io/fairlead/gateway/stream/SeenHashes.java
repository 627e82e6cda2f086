package io.fairlead.gateway.stream;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The hashes that were told last: a bounded set that forgets the oldest first.
 *
 * <p>Thread-safety: none. Bounds: about 150 bytes a hash.
 */
final class SeenHashes {
  /** As many as a busy chain announces in a quarter of an hour. */
  static final int MOST = 32_768;

  private final Set<String> seen = new LinkedHashSet<>();

  /**
   * Notes a hash.
   *
   * @return whether it is new
   */
  boolean add(String hash) {
    if (!seen.add(hash)) {
      return false;
    }
    if (seen.size() > MOST) {
      Iterator<String> oldest = seen.iterator();
      oldest.next();
      oldest.remove();
    }
    return true;
  }

  int size() {
    return seen.size();
  }
}
