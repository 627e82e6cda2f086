package io.fairlead.routing.sim.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AgendaTest {
  private record Event(long instant, int order) {}

  @Test
  void eventsComeInTheOrderOfTimeAndThenOfAdding() {
    for (long seed = 0; seed < 10; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Agenda agenda = new Agenda();
      Event last = new Event(-1, -1);
      int added = 0;
      int left = 0;
      for (int i = 0; i < 20_000; i++) {
        if (random.nextInt(5) < (i < 10_000 ? 3 : 2)) {
          long instant = Math.max(last.instant(), 0) + random.nextInt(50);
          agenda.add(instant, added % 16, new Event(instant, added++));
          left++;
        } else if (left > 0) {
          int kind = Agenda.kindOf(agenda.nextTag());
          long instant = agenda.nextNanos();
          Event event = (Event) agenda.remove();
          left--;
          assertEquals(event.instant(), instant, "seed " + seed);
          assertEquals(event.order() % 16, kind, "seed " + seed);
          boolean isLater =
              event.instant() > last.instant()
                  || (event.instant() == last.instant() && event.order() > last.order());
          assertTrue(isLater, "seed " + seed + ": " + event + " after " + last);
          last = event;
        }
      }
    }
  }

  @Test
  void anEmptyAgendaHasNothingNext() {
    Agenda agenda = new Agenda();
    assertEquals(Long.MAX_VALUE, agenda.nextNanos());
    agenda.add(7, 1, "x");
    assertEquals(7, agenda.nextNanos());
    assertEquals("x", agenda.remove());
    assertEquals(Long.MAX_VALUE, agenda.nextNanos());
  }
}
