package io.fairlead.gateway.testing;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which Netty reports a buffer that nobody released.
 *
 * <p>Registered for all tests of the module. It puts its own leak detectors into Netty before the
 * first buffer exists; after a class that used buffers it collects garbage, lets the detectors look
 * and fails with what they found. Buffers that are still reachable (a channel left open in a static
 * field) are not seen, so close what you open.
 *
 * <p>Thread-safety: safe; classes run one after the other.
 */
public final class LeakCheck implements AfterAllCallback {
  private static final int ROUNDS = 2;
  private static final long COLLECTION_TIMEOUT_MILLIS = 5_000;
  private static final Queue<Detector<?>> DETECTORS = new ConcurrentLinkedQueue<>();
  private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();
  private static final AtomicLong TRACKED = new AtomicLong();

  private static long checkedAt;

  static {
    System.setProperty("io.netty.leakDetection.level", "paranoid");
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
  }

  /** For the service loader. */
  public LeakCheck() {}

  @Override
  public void afterAll(ExtensionContext context) {
    if (TRACKED.get() == checkedAt) {
      return;
    }
    List<String> reports = collect();
    checkedAt = TRACKED.get();
    if (!reports.isEmpty()) {
      throw new AssertionError(
          reports.size() + " leaks in " + context.getDisplayName() + "\n" + reports.get(0));
    }
  }

  /**
   * Collects garbage and takes the leaks reported so far.
   *
   * @return a report for each, with the places that touched the buffer
   */
  static List<String> collect() {
    for (int round = 0; round < ROUNDS; round++) {
      collectGarbage();
      DETECTORS.forEach(Detector::look);
    }
    List<String> reports = new ArrayList<>();
    for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
      reports.add(report);
    }
    return reports;
  }

  /** Returns once the collector has cleared a reference that became weak before. */
  private static void collectGarbage() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
    System.gc();
    try {
      if (queue.remove(COLLECTION_TIMEOUT_MILLIS) != canary) {
        throw new AssertionError("the collector did not run");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static final class Factory extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // the one abstract method of Netty's factory
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return add(new Detector<>(resource, samplingInterval));
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return add(new Detector<>(resource, samplingInterval));
    }

    private static <T> Detector<T> add(Detector<T> detector) {
      DETECTORS.add(detector);
      return detector;
    }
  }

  private static final class Detector<T> extends ResourceLeakDetector<T> {
    private final Class<T> resource;

    Detector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
      this.resource = resource;
    }

    @Override
    public ResourceLeakTracker<T> track(T object) {
      TRACKED.incrementAndGet();
      return super.track(object);
    }

    /** Reports are made when something new is tracked. */
    @SuppressWarnings("unchecked") // the detector only ever takes the object's identity
    void look() {
      T probe = (T) new Object();
      ResourceLeakTracker<T> tracker = super.track(probe);
      if (tracker != null) {
        tracker.close(probe);
      }
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      REPORTS.add(resource.getSimpleName() + " was not released: " + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      REPORTS.add(resource.getSimpleName() + " was not released");
    }
  }
}
