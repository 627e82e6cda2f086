package io.fairlead.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.ManualScheduler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PumpTest {
  private final FakeStream stream = new FakeStream();
  private final ManualScheduler executor = new ManualScheduler();
  private final Pump<String> pump = new Pump<>(stream, executor);
  private final Deque<String> unseen = new ArrayDeque<>();

  @Test
  void everythingUnseenIsSentOnTheExecutor() {
    unseen.addAll(List.of("a", "b"));
    pump.start(unseen::poll, () -> {});
    assertEquals(List.of(), stream.sent);
    executor.runDue();
    assertEquals(List.of("a", "b"), stream.sent);
  }

  @Test
  void manyWakesQueueOneRun() {
    pump.start(unseen::poll, () -> {});
    pump.wake();
    pump.wake();
    assertEquals(1, executor.pending());
    executor.runDue();
    assertEquals(0, executor.pending());
  }

  @Test
  void aWatcherThatIsNotReadyIsAskedAgainWhenItIs() {
    stream.ready = false;
    unseen.add("a");
    pump.start(unseen::poll, () -> {});
    executor.runDue();
    assertEquals(List.of(), stream.sent);
    assertEquals(1, unseen.size());
    stream.ready = true;
    stream.onReady.run();
    executor.runDue();
    assertEquals(List.of("a"), stream.sent);
  }

  @Test
  void aWatcherThatFillsUpGetsTheRestLater() {
    stream.room = 2;
    unseen.addAll(List.of("a", "b", "c"));
    pump.start(unseen::poll, () -> {});
    executor.runDue();
    assertEquals(List.of("a", "b"), stream.sent);
  }

  @Test
  void theEndComesAfterWhatIsUnseen() {
    unseen.add("a");
    pump.start(unseen::poll, () -> {});
    pump.end();
    executor.runDue();
    assertEquals(List.of("a"), stream.sent);
    assertTrue(stream.completed);
    unseen.add("b");
    pump.wake();
    executor.runDue();
    assertEquals(List.of("a"), stream.sent);
  }

  @Test
  void aFeedThatThrowsEndsTheStreamWithAStatus() {
    pump.start(
        () -> {
          throw new IllegalStateException("on purpose");
        },
        () -> {});
    executor.runDue();
    StatusRuntimeException error = (StatusRuntimeException) stream.error;
    assertNotNull(error);
    assertEquals(Status.Code.INTERNAL, error.getStatus().getCode());
    pump.end();
    executor.runDue();
    assertFalse(stream.completed);
  }

  @Test
  void whatWakesThePumpIsReleasedWhenTheWatcherLeaves() {
    List<String> released = new ArrayList<>();
    pump.start(unseen::poll, () -> released.add("released"));
    stream.onCancel.run();
    assertEquals(List.of("released"), released);
  }

  /** A watcher whose readiness the test sets. */
  private static final class FakeStream extends ServerCallStreamObserver<String> {
    final List<String> sent = new ArrayList<>();
    boolean ready = true;
    int room = Integer.MAX_VALUE;
    boolean completed;
    @Nullable Throwable error;
    Runnable onReady = () -> {};
    Runnable onCancel = () -> {};

    @Override
    public boolean isReady() {
      return ready && sent.size() < room;
    }

    @Override
    public void onNext(String value) {
      sent.add(value);
    }

    @Override
    public void onError(Throwable t) {
      error = t;
    }

    @Override
    public void onCompleted() {
      completed = true;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      onCancel = handler;
    }

    @Override
    public void setOnCloseHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }
}
