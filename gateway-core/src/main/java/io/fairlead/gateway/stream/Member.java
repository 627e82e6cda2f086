package io.fairlead.gateway.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One upstream of the chain and the ways to listen to it.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class Member {
  private final StreamSpec spec;
  private final @Nullable Line line;
  private final List<Source> sources;
  private boolean isTold;

  /**
   * An upstream that is not listened to yet.
   *
   * @param spec which
   * @param line its socket, null if it has no WebSocket
   * @param sources how its heads may be learnt
   */
  Member(StreamSpec spec, @Nullable Line line, List<Source> sources) {
    this.spec = spec;
    this.line = line;
    this.sources = List.copyOf(sources);
  }

  StreamSpec spec() {
    return spec;
  }

  @Nullable Line line() {
    return line;
  }

  List<Source> sources() {
    return sources;
  }

  boolean isLive() {
    return sources.stream().anyMatch(Source::isLive);
  }

  /** Whether the story has heard of it and not yet that it is gone. */
  boolean isTold() {
    return isTold;
  }

  void setTold(boolean told) {
    isTold = told;
  }
}
