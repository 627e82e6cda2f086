package io.fairlead.gateway.admission;

import java.util.ArrayDeque;

/**
 * Clients that were refused and are not read until it is their turn again.
 *
 * <p><b>Idea.</b> To read and refuse a call costs about a quarter of serving it, so a loop that is
 * asked ten times what it can carry would do nothing but refuse. Therefore refusing has a budget:
 * each call that is taken in pays for {@link #PER_CALL} of a refusal. A client that is refused
 * while the budget is empty is not read: what it sends next waits in the kernel's buffers, and its
 * sends in its own. It is read again when the budget has paid for it, or as soon as the loop has
 * time to spare: first those whose light call was refused, then the others in the order of their
 * refusals. A client that does as {@code Retry-After} says does not notice; one that asks again at
 * once waits out its time.
 *
 * <p><b>Bounds.</b> Refusals are at most a tenth of the calls taken in, plus {@link #MOST_CREDIT},
 * plus one for each new connection; that is 2 to 3 percent of the loop's time. Where all are alike,
 * nobody waits longer than it takes to take in ten calls for each that is unread.
 *
 * <p><b>Cost.</b> O(1) for a refusal and a return.
 *
 * <p><b>Deviation.</b> TCP's listen queue and Breakwater's credits hold back clients before they
 * ask; HTTP knows of a client's wish only when it has been read, so that the first is always read.
 *
 * <p>Thread-safety: confined to the event loop.
 */
final class RefusedClients {
  /** What a call that is taken in pays of a refusal. */
  static final double PER_CALL = 0.1;

  /** What may be saved up, in refusals. */
  static final double MOST_CREDIT = 64;

  private static final long MOST_SECONDS = 10;

  /** Before it is known how many can be read again in a second. */
  private static final double USUAL_RETURNS = 1_000;

  private final ArrayDeque<Refusable> unread = new ArrayDeque<>();
  private double credit = MOST_CREDIT;
  private double returnsPerSecond = USUAL_RETURNS;
  private int returned;

  /** A call was taken in. */
  void onAdmitted() {
    credit = Math.min(MOST_CREDIT, credit + PER_CALL);
  }

  /**
   * A client's call is refused: it is read on, or not.
   *
   * @param isLight whether the call was one of those that are refused last
   */
  void onRefused(Refusable client, boolean isLight) {
    if (credit >= 1) {
      credit--;
    } else if (client.mayGoUnread()) {
      client.setUnread(true);
      if (isLight) {
        unread.addFirst(client);
      } else {
        unread.addLast(client);
      }
    }
  }

  /** How many are not read. */
  int unread() {
    return unread.size();
  }

  /** Reads those again for whom the budget pays. */
  void payOut() {
    while (credit >= 1 && !unread.isEmpty()) {
      credit--;
      readNext();
    }
  }

  /** Reads so many again, because there is time to spare. */
  void readNext(int most) {
    for (int i = 0; i < most && !unread.isEmpty(); i++) {
      readNext();
    }
  }

  private void readNext() {
    returned++;
    unread.remove().setUnread(false);
  }

  /** So much time has passed since this was said last. */
  void onTime(double seconds) {
    double now = unread.isEmpty() ? USUAL_RETURNS : returned / seconds;
    returnsPerSecond += (now - returnsPerSecond) * Math.min(1, seconds);
    returned = 0;
  }

  /** After how many seconds a client that is refused now may ask again; 1 or more. */
  long retryAfterSeconds() {
    double seconds = Math.ceil(unread.size() / Math.max(1, returnsPerSecond));
    return (long) Math.min(MOST_SECONDS, Math.max(1, seconds));
  }
}
