package io.fairlead.gateway.demo;

import io.fairlead.routing.time.NanoClock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Events from the gateway's threads on their way to the demo's.
 *
 * <p>Thread-safety: safe.
 */
final class EventBoard implements Consumer<String> {
  private final Queue<Note> notes = new ConcurrentLinkedQueue<>();
  private final NanoClock clock;

  /** A board whose times are those of the demo's loop. */
  EventBoard(NanoClock clock) {
    this.clock = clock;
  }

  private record Note(long nanos, String text) {}

  @Override
  public void accept(String text) {
    notes.add(new Note(clock.nanoTime(), text));
  }

  /** Hands over what has come since the last time, oldest first. */
  void drain(BiConsumer<Long, String> reader) {
    for (Note note = notes.poll(); note != null; note = notes.poll()) {
      reader.accept(note.nanos(), note.text());
    }
  }
}
