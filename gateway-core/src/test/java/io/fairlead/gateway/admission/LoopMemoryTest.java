package io.fairlead.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.net.LoopTurns;
import io.fairlead.gateway.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop that saves memory, in virtual time. */
final class LoopMemoryTest {
  private static final long BOUND = 64_000_000;

  private final ManualScheduler time = new ManualScheduler();
  private final List<MemoryStage> seen = new ArrayList<>();
  private final Clients clients = new Clients();
  private long held;
  private long looks;
  private final LoopAdmission admission =
      new LoopAdmission(
          new LoopAdmission.Home(0, 1, new LoopAdmission.Times(time, time, new LoopTurns()), time),
          new MemoryUse(this::look, BOUND),
          AdmissionPolicy.DEFAULT,
          new Seen());

  private final class Seen implements AdmissionObserver {
    @Override
    public void onMemory(int loop, MemoryStage stage) {
      seen.add(stage);
    }

    @Override
    public void onShedding(int loop, boolean isShedding) {}

    @Override
    public void onUnread(int loop, int connections) {}
  }

  private final class Clients implements Guarded {
    MemoryStage told = MemoryStage.NORMAL;
    long unfinishedBytes;
    boolean areGone;

    @Override
    public boolean isEmpty() {
      return areGone;
    }

    @Override
    public void onMemory(MemoryStage stage) {
      told = stage;
    }

    @Override
    public long release(long bytes) {
      long released = Math.min(bytes, unfinishedBytes);
      unfinishedBytes -= released;
      held -= released;
      return released;
    }
  }

  private long look() {
    looks++;
    return held;
  }

  LoopMemoryTest() {
    admission.guard(clients);
    admission.onConnection();
  }

  private void hold(int percent) {
    held = BOUND * percent / 100;
  }

  private void advanceMillis(long millis) {
    time.advance(Duration.ofMillis(millis));
  }

  @Test
  void connectionsAreToldUntilThereIsMemoryAgain() {
    hold(86);
    advanceMillis(100);
    assertEquals(MemoryStage.HELD, clients.told);
    assertEquals(MemoryStage.HELD, admission.memory());
    hold(70);
    advanceMillis(10);
    assertEquals(MemoryStage.NORMAL, clients.told);
    assertEquals(List.of(MemoryStage.HELD, MemoryStage.NORMAL), seen);
  }

  @Test
  void unfinishedRequestsThatHoldEverythingAreGivenUpAfterAMoment() {
    hold(88);
    clients.unfinishedBytes = held;
    advanceMillis(599);
    assertEquals(MemoryStage.HELD, clients.told);
    assertEquals(88, held * 100 / BOUND);
    advanceMillis(20);
    assertEquals(MemoryStage.NORMAL, clients.told);
    assertTrue(held * 100 / BOUND >= 74, "no more than the excess is given up");
  }

  @Test
  void muchThatIsReadIsLookedAtAtOnce() {
    hold(96);
    clients.unfinishedBytes = held;
    admission.onRead((int) (BOUND / 64));
    assertEquals(0, looks);
    admission.onRead(1);
    assertEquals(1, looks);
    assertEquals(MemoryStage.REFUSING, clients.told);
    assertEquals(96, held * 100 / BOUND, "not in the midst of a request");
    time.advance(Duration.ZERO);
    assertTrue(held * 100 / BOUND < 80);
  }

  @Test
  void aQuietLoopIsLookedAtTenTimesASecondAndABusyOneAHundredTimes() {
    advanceMillis(1000);
    assertEquals(10, looks);
    hold(51);
    advanceMillis(1100);
    assertEquals(10 + 1 + 100, looks);
  }

  @Test
  void nobodyLooksWhenNobodyIsConnected() {
    clients.areGone = true;
    advanceMillis(100);
    long before = looks;
    advanceMillis(10_000);
    assertEquals(before, looks);
    admission.onConnection();
    advanceMillis(100);
    assertEquals(before + 1, looks);
  }
}
