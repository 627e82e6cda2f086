package io.fairlead.gateway.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Notifications that came before the answer that says what they are for: a node may notify before
 * it answers {@code eth_subscribe}. The last few are kept while such an answer is due.
 *
 * <p>Thread-safety: none.
 */
final class EarlyNotes {
  /** The most that are kept. */
  static final int MOST = 64;

  private final Queue<Note> notes = new ArrayDeque<>();

  private record Note(String id, String json) {}

  void add(String id, String json) {
    if (notes.size() == MOST) {
      notes.remove();
    }
    notes.add(new Note(id, json));
  }

  /** Takes out what came for an id, in order. */
  List<String> take(String id) {
    List<String> taken = new ArrayList<>();
    notes.removeIf(note -> note.id().equals(id) && taken.add(note.json()));
    return taken;
  }

  void clear() {
    notes.clear();
  }
}
