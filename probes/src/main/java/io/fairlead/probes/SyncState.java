package io.fairlead.probes;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of its own progress with {@code eth_syncing}.
 *
 * <p>Nodes answer {@code false}, {@code true}, an object of heights, the same wrapped as {@code
 * {"Ok": ...}}, {@code null}, or that they have no such method. An object whose heights have met is
 * no reason against a node: geth keeps answering one while it indexes old transactions.
 */
enum SyncState {
  /** It says that it has the whole chain. */
  IN_SYNC,
  /** It says that it is still loading the chain. */
  SYNCING,
  /** It says nothing that can be read; its head decides. */
  UNKNOWN;

  private static final long MET_BLOCKS = 1;

  static SyncState of(Answer.Result result) {
    return switch (result.kind()) {
      case SCALAR -> ofWord(result.scalar());
      case OBJECT -> ofObject(result);
      case NULL, ARRAY -> UNKNOWN;
    };
  }

  private static SyncState ofWord(@Nullable String word) {
    return switch (word == null ? "" : word.toLowerCase(Locale.ROOT)) {
      case "false", "none", "notsyncing", "not_syncing", "synced" -> IN_SYNC;
      case "true", "syncing" -> SYNCING;
      default -> UNKNOWN;
    };
  }

  private static SyncState ofObject(Answer.Result result) {
    if (result.fields().isEmpty()) {
      return UNKNOWN;
    }
    String wrapped = result.field("Ok");
    if (wrapped != null && !wrapped.isEmpty()) {
      return ofWord(wrapped);
    }
    String prefix = wrapped == null ? "" : "Ok.";
    long current = Quantity.parse(result.field(prefix + "currentBlock"));
    long highest = Quantity.parse(result.field(prefix + "highestBlock"));
    boolean haveMet = current > 0 && highest > 0 && highest - current <= MET_BLOCKS;
    return haveMet ? IN_SYNC : SYNCING;
  }
}
