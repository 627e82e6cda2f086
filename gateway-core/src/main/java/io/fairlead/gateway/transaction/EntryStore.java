package io.fairlead.gateway.transaction;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/**
 * Where entries are kept across crashes, by number.
 *
 * <p>Thread-safety: one thread at a time. Failure: after an exception the store may be broken and
 * is to be closed and opened anew.
 */
interface EntryStore extends Closeable {
  /** What it holds, by number, ascending. */
  Map<Long, byte[]> all() throws IOException;

  /** Adds an entry under a number that was never used before. */
  void put(long number, byte[] entry) throws IOException;

  /** Removes an entry. */
  void remove(long number) throws IOException;

  /** Returns when all changes so far will survive a power cut. */
  void force() throws IOException;

  @Override
  void close();
}
