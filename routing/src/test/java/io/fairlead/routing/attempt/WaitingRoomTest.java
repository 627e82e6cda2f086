package io.fairlead.routing.attempt;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WaitingRoomTest {
  private long now = 5;
  private final WaitingRoom room = new WaitingRoom(() -> now);

  @Test
  void aCallOfABurstMayWaitForASecond() {
    now += 3 * WaitingRoom.BURST_NANOS;
    assertTrue(room.tryEnter());
    now += WaitingRoom.BURST_NANOS - 1;
    assertTrue(room.mayStay(WaitingRoom.BURST_NANOS - 1));
    now += 1;
    assertFalse(room.mayStay(WaitingRoom.BURST_NANOS));
  }

  @Test
  void inStandingOverloadNobodyWaitsLong() {
    assertTrue(room.tryEnter());
    now += WaitingRoom.BURST_NANOS;
    assertTrue(room.tryEnter());
    assertTrue(room.mayStay(WaitingRoom.OVERLOAD_NANOS - 1));
    assertFalse(room.mayStay(WaitingRoom.OVERLOAD_NANOS));
  }

  @Test
  void whenAllHaveLeftTheNextIsABurstAgain() {
    room.tryEnter();
    now += WaitingRoom.BURST_NANOS;
    room.leave();
    room.tryEnter();
    assertTrue(room.mayStay(WaitingRoom.OVERLOAD_NANOS));
  }

  @Test
  void theRoomIsBounded() {
    for (int i = 0; i < WaitingRoom.MOST; i++) {
      assertTrue(room.tryEnter());
    }
    assertFalse(room.tryEnter());
    room.leave();
    assertTrue(room.tryEnter());
  }

  @Test
  void nobodyLeavesWhoDidNotEnter() {
    assertThrows(IllegalStateException.class, room::leave);
  }
}
