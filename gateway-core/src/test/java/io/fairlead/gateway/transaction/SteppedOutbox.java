package io.fairlead.gateway.transaction;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * The outbox and its journal, whose thread goes on only while the test stands still: what it tells
 * comes at moments that the test chooses, and two plays of one seed are alike.
 *
 * <p>Thread-safety: confined to the test's thread.
 */
public final class SteppedOutbox implements AutoCloseable {
  private final Semaphore gate = new Semaphore(0);
  private final InstantSource time;
  private final OutboxEntry mark;
  private final Outbox outbox;
  private Thread thread = Thread.currentThread();
  private boolean isWaiting;

  /**
   * An empty outbox.
   *
   * @param dir where its journal stands
   * @param time the play's time of day
   */
  public SteppedOutbox(Path dir, InstantSource time) {
    this.time = time;
    this.mark = OutboxEntry.of("nowhere", new byte[] {1}, false, time.instant());
    try {
      outbox = new Outbox(() -> new Gated(Journal.open(dir)), 64 << 20, this::newThread);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    isWaiting = true;
    settle();
  }

  private Thread newThread(Runnable task) {
    thread = Executors.defaultThreadFactory().newThread(task);
    thread.setDaemon(true);
    return thread;
  }

  /** The outbox. */
  public Outbox outbox() {
    return outbox;
  }

  /** What the outbox is to keep is stamped by this, which so learns that there is something. */
  public InstantSource time() {
    return () -> {
      isWaiting = true;
      return time.instant();
    };
  }

  /** The same for what it is to forget. */
  public TransactionObserver observer() {
    return new TransactionObserver() {
      @Override
      public void onForgotten(Reason reason) {
        isWaiting = true;
      }
    };
  }

  /** How many transactions it keeps. */
  public int size() {
    return outbox.size() - 1;
  }

  /** Lets the outbox do everything that waits. */
  public void settle() {
    if (!isWaiting) {
      return;
    }
    isWaiting = false;
    CountDownLatch done = new CountDownLatch(1);
    outbox.keep(mark, kept -> done.countDown());
    gate.release();
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      gate.acquireUninterruptibly();
    }
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait(); // it finds out whose the transactions are
    }
  }

  @Override
  public void close() {
    gate.release();
    outbox.close();
  }

  /** A store whose changes are told when the gate is open. */
  private final class Gated implements EntryStore {
    private final EntryStore store;
    private boolean isChanged;

    Gated(EntryStore store) {
      this.store = store;
    }

    @Override
    public Map<Long, byte[]> all() throws IOException {
      return store.all();
    }

    @Override
    public void put(long number, byte[] entry) throws IOException {
      isChanged = true;
      store.put(number, entry);
    }

    @Override
    public void remove(long number) throws IOException {
      isChanged = true;
      store.remove(number);
    }

    @Override
    public void force() throws IOException {
      gate.acquireUninterruptibly();
      gate.release();
      if (isChanged) {
        isChanged = false;
        store.force();
      }
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
