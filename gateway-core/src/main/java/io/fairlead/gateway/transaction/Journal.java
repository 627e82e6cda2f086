package io.fairlead.gateway.transaction;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps entries in one file to which records are appended, each with a checksum.
 *
 * <p><b>Idea.</b> A record adds an entry or removes one. Reading goes from the file's beginning to
 * the first record that is not whole; what stands behind was never forced, so nobody was told of
 * it. No byte is ever overwritten: a write that a power cut tears in any way, sector by sector,
 * costs what had not been forced and nothing else. What was learnt by tearing the alternatives is
 * in docs/decisions/0004-outbox.md.
 *
 * <p><b>Rewriting.</b> When most of the file is dead, and whenever it is opened, the living entries
 * go to a new file, which is forced and then renamed over the old one. So a torn end never stays,
 * and after a force that failed nothing is believed to be on the disk that only the page cache has.
 *
 * <p><b>Bounds.</b> The file takes at most twice the living entries and {@link #SLACK_BYTES}. Cost:
 * a write and a force for each group, one look at every byte at the start.
 *
 * <p>Thread-safety: one thread at a time. Failure: a file that is no journal is moved aside, never
 * overwritten; one that another process uses is refused.
 *
 * <p>Source: C. Mohan et al., "ARIES", ACM TODS 17 (1992), for the log; T. Pillai et al., "All file
 * systems are not created equal", OSDI 2014, for what may be torn.
 */
final class Journal implements EntryStore {
  static final String NAME = "outbox.journal";

  /** How much of the file may be dead beyond the size of what lives, in bytes. */
  static final long SLACK_BYTES = 8L << 20;

  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final int GROUP_BYTES = 64 * 1024;

  private final Path file;
  private final FileChannel lockChannel;
  private final Map<Long, Span> living = new LinkedHashMap<>();
  private FileChannel channel;
  private ByteBuffer group = ByteBuffer.allocate(GROUP_BYTES);
  private long endBytes;
  private long livingBytes;

  /** Where a record stands in the file. */
  private record Span(long at, int length) {}

  private Journal(Path file, FileChannel lockChannel, FileChannel channel) {
    this.file = file;
    this.lockChannel = lockChannel;
    this.channel = channel;
  }

  /**
   * Opens the journal, or begins it.
   *
   * @param dir the state folder; made if absent
   * @throws IOException if it cannot be had; the message says why
   */
  static Journal open(Path dir) throws IOException {
    Files.createDirectories(dir);
    Path file = dir.resolve(NAME);
    FileChannel lockChannel = lock(dir.resolve(NAME + ".lock"));
    try {
      Journal journal = new Journal(file, lockChannel, openFile(file));
      journal.read();
      journal.rewrite();
      return journal;
    } catch (IOException | RuntimeException e) {
      lockChannel.close();
      throw e;
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!tryLock(channel)) {
      channel.close();
      throw new IOException(path + ": locked (expected: no other gateway with this state.dir)");
    }
    return channel;
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this very process
    }
  }

  private static FileChannel openFile(Path file) throws IOException {
    if (Files.exists(file) && Files.size(file) > 0 && !JournalRecord.isJournal(file)) {
      moveAside(file);
    }
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void moveAside(Path file) throws IOException {
    int number = 1;
    while (Files.exists(file.resolveSibling(NAME + ".corrupt-" + number))) {
      number++;
    }
    Path aside = file.resolveSibling(NAME + ".corrupt-" + number);
    Files.move(file, aside);
    log.error(
        "{} is no outbox and is kept as {}: transactions that were in it are not sent again",
        file,
        aside.getFileName());
  }

  private void read() throws IOException {
    long size = channel.size();
    endBytes = JournalRecord.HEADER.length;
    JournalRecord record = JournalRecord.read(channel, endBytes, size);
    while (record != null) {
      apply(record, endBytes);
      endBytes += record.length();
      record = JournalRecord.read(channel, endBytes, size);
    }
    if (size > endBytes) {
      log.warn(
          "{}: the last {} bytes are not whole and are dropped, as after a crash in the middle of"
              + " a write; nobody was told of what stood there",
          file,
          size - endBytes);
    }
  }

  private void apply(JournalRecord record, long at) {
    Span gone = living.remove(record.number());
    livingBytes -= gone == null ? 0 : gone.length();
    if (record.isPut()) {
      living.put(record.number(), new Span(at, record.length()));
      livingBytes += record.length();
    }
  }

  @Override
  public Map<Long, byte[]> all() throws IOException {
    Map<Long, byte[]> all = new LinkedHashMap<>();
    for (Map.Entry<Long, Span> entry : living.entrySet()) {
      all.put(entry.getKey(), readWhole(entry.getValue()).entry());
    }
    return all;
  }

  private JournalRecord readWhole(Span span) throws IOException {
    JournalRecord record = JournalRecord.read(channel, span.at(), span.at() + span.length());
    if (record == null) {
      throw new IOException(file + ": damaged at byte " + span.at());
    }
    return record;
  }

  @Override
  public void put(long number, byte[] entry) {
    append(JournalRecord.put(number, entry));
  }

  @Override
  public void remove(long number) {
    if (living.containsKey(number)) {
      append(JournalRecord.remove(number));
    }
  }

  private void append(JournalRecord record) {
    if (group.remaining() < record.length()) {
      int wanted = Math.max(2 * group.capacity(), group.position() + record.length());
      group = ByteBuffer.allocate(wanted).put(group.flip());
    }
    apply(record, endBytes + group.position());
    record.write(group);
  }

  @Override
  public void force() throws IOException {
    if (group.position() > 0) {
      endBytes += writeGroup();
      channel.force(false);
    }
    if (endBytes > 2 * livingBytes + SLACK_BYTES) {
      rewrite();
    }
  }

  private long writeGroup() throws IOException {
    group.flip();
    long at = endBytes;
    while (group.hasRemaining()) {
      at += channel.write(group, at);
    }
    group = group.capacity() > 16 * GROUP_BYTES ? ByteBuffer.allocate(GROUP_BYTES) : group.clear();
    return at - endBytes;
  }

  /** Puts a file with what lives alone in the place of the old one. */
  private void rewrite() throws IOException {
    Path fresh = file.resolveSibling(NAME + ".tmp");
    FileChannel next =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      Map<Long, Span> moved = new LinkedHashMap<>();
      long end = copy(next, moved);
      next.force(true);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder();
      channel.close();
      channel = next;
      endBytes = end;
      living.putAll(moved);
    } catch (IOException | RuntimeException e) {
      next.close();
      throw e;
    }
  }

  private long copy(FileChannel next, Map<Long, Span> moved) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(JournalRecord.HEADER);
    long end = 0;
    while (header.hasRemaining()) {
      end += next.write(header, end);
    }
    for (Map.Entry<Long, Span> entry : living.entrySet()) {
      Span span = entry.getValue();
      readWhole(span);
      next.position(end);
      long left = span.length();
      while (left > 0) {
        left -= channel.transferTo(span.at() + span.length() - left, left, next);
      }
      moved.put(entry.getKey(), new Span(end, span.length()));
      end += span.length();
    }
    return end;
  }

  /** Makes the rename itself durable, where the file system lets a folder be forced. */
  private void forceFolder() {
    Path folder = file.getParent();
    if (folder == null) {
      return;
    }
    try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
      opened.force(true);
    } catch (IOException e) {
      log.debug("{} cannot be forced to the disk", folder, e);
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
    closeQuietly(lockChannel);
  }

  private void closeQuietly(FileChannel closed) {
    try {
      closed.close();
    } catch (IOException e) {
      log.warn("{} did not close cleanly", file, e);
    }
  }
}
