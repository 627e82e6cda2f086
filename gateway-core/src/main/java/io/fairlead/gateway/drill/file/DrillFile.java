package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.drill.judge.Bar;
import io.fairlead.routing.sim.scenario.Scenario;
import java.nio.file.Path;
import java.util.List;

/**
 * One scenario file: what to play, and what it has to reach.
 *
 * @param path the file as the user named it
 * @param about what people are told of it
 * @param scenario what to play
 * @param plan how often, and against whom
 * @param bars what it has to reach; may be empty
 */
public record DrillFile(Path path, About about, Scenario scenario, Plan plan, List<Bar> bars) {
  /** Copies the list. */
  public DrillFile {
    bars = List.copyOf(bars);
  }

  /**
   * What people are told of a scenario.
   *
   * @param title one line
   * @param notes what else to know; may be empty
   * @param source the file's text
   */
  public record About(String title, List<String> notes, String source) {
    /** Copies the list. */
    public About {
      notes = List.copyOf(notes);
    }
  }

  /**
   * How a scenario is played where the command line does not say.
   *
   * @param seeds how often, each time with other random numbers
   * @param against baselines it is compared with in the results document
   */
  public record Plan(int seeds, List<String> against) {
    /** Copies the list. */
    public Plan {
      against = List.copyOf(against);
    }
  }
}
