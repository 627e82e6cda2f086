package io.fairlead.gateway.feed;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One upstream that is listened to: the last head that it said, and how going after it went.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class Seat {
  private final List<FailureDomain> domains;
  private final boolean isTrusted;
  private Header said;
  private long saidNanos;
  private Path path = Path.NONE;
  private @Nullable String waitsFor;
  private int failures;
  private long notBeforeNanos = Long.MIN_VALUE;

  Seat(Upstream by, boolean isTrusted, Header said, long nowNanos) {
    this.domains = by.spec().domains();
    this.isTrusted = isTrusted;
    this.said = said;
    this.saidNanos = nowNanos;
  }

  /** Whether its word counts alone. */
  boolean isTrusted() {
    return isTrusted;
  }

  /** The last head it said. */
  Header said() {
    return said;
  }

  /** When it said a head that it had not said before. */
  long saidNanos() {
    return saidNanos;
  }

  void onSaid(Header head, long nowNanos) {
    if (!head.hash().equals(said.hash())) {
      saidNanos = nowNanos;
    }
    said = head;
  }

  /** Whether nothing that is known to fail both would fail both. */
  boolean isApartFrom(Seat other) {
    return this != other && Collections.disjoint(domains, other.domains);
  }

  /** The way from its head back to the story, as last looked at. */
  Path path() {
    return path;
  }

  void lookAt(Path found) {
    path = found;
    if (found.ancestor() != null) {
      failures = 0;
    }
  }

  /** Whether a request for its sake is under way. */
  boolean isWaiting() {
    return waitsFor != null;
  }

  boolean isWaitingFor(String hash) {
    return hash.equals(waitsFor);
  }

  void waitFor(String hash) {
    waitsFor = hash;
  }

  void onFound() {
    waitsFor = null;
    failures = 0;
    notBeforeNanos = Long.MIN_VALUE;
  }

  void onMissing(long nowNanos) {
    waitsFor = null;
    notBeforeNanos = nowNanos + BackOff.nanos(failures);
    failures++;
  }

  /** Requests in a row that brought nothing. */
  int failures() {
    return failures;
  }

  /** When the next request for its sake may be made. */
  long notBeforeNanos() {
    return notBeforeNanos;
  }
}
