package io.fairlead.gateway.stream;

/**
 * One upstream's socket, open while somebody uses it.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class Line {
  private final UpstreamSocket socket;
  private int users;

  Line(UpstreamSocket socket) {
    this.socket = socket;
  }

  UpstreamSocket socket() {
    return socket;
  }

  void acquire() {
    users++;
    socket.open();
  }

  void release() {
    users--;
    if (users == 0) {
      socket.close();
    }
  }

  /** Ends it whoever uses it; for one whose upstream is dropped. */
  void cut() {
    socket.close();
  }
}
