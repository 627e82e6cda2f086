package io.fairlead.gateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
  @Test
  void aBufferThatNobodyReleasedIsReportedWithThePlaceThatMadeIt() {
    forgetABuffer();
    List<String> reports = LeakCheck.collect();
    assertEquals(1, reports.size(), reports::toString);
    assertTrue(reports.get(0).contains("forgetABuffer"), reports.get(0));
  }

  @Test
  void aReleasedBufferIsNoLeak() {
    PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
    assertEquals(List.of(), LeakCheck.collect());
  }

  private static void forgetABuffer() {
    PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
  }
}
