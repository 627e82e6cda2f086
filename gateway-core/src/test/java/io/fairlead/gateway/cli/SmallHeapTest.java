package io.fairlead.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SmallHeapTest {
  private static final long MIB = 1L << 20;

  private long size = SmallHeap.USUAL_BYTES;
  private long alive = 10 * MIB;
  private int collections;
  private final SmallHeap heap =
      new SmallHeap(
          () -> size,
          () -> {
            collections++;
            size = alive;
          });

  @Test
  void aUsualHeapIsLeftAlone() {
    heap.look();
    assertEquals(0, collections);
  }

  @Test
  void aHeapThatHasGrownIsCollectedEachTimeItDoes() {
    for (int i = 1; i <= 3; i++) {
      size = SmallHeap.USUAL_BYTES + 1;
      heap.look();
      heap.look();
      assertEquals(i, collections);
    }
  }

  @Test
  void whatLivesMovesTheMarkAndIsNotCollectedOverAndOver() {
    alive = 20 * MIB;
    size = 20 * MIB;
    heap.look();
    heap.look();
    size = 20 * MIB + 3 * MIB / 2;
    heap.look();
    assertEquals(1, collections);
    size = 20 * MIB + 3 * MIB / 2 + 1;
    heap.look();
    assertEquals(2, collections);
    alive = 8 * MIB;
    size = 23 * MIB;
    heap.look();
    size = SmallHeap.USUAL_BYTES + 1;
    heap.look();
    assertEquals(4, collections);
  }
}
