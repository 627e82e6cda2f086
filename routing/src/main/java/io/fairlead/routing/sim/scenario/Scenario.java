package io.fairlead.routing.sim.scenario;

import java.util.List;

/**
 * Everything that is to be played, apart from the policy and the seed.
 *
 * @param name what reports call it
 * @param world who serves
 * @param load what is asked
 * @param faults what befalls the world; their targets exist and they begin within the play
 * @param play how it is played
 */
public record Scenario(String name, World world, Load load, List<Fault> faults, Play play) {
  /** Checks that the parts fit together and copies the list. */
  public Scenario {
    Rules.require(!name.isBlank(), "name", "'" + name + "'", "a name");
    faults = List.copyOf(faults);
    for (Fault fault : faults) {
      for (String id : fault.targets().upstreamIds()) {
        Rules.require(world.indexOf(id) >= 0, "faults.targets", id, "an upstream of the world");
      }
      Rules.require(
          fault.fromNanos() < play.durationNanos(),
          "faults.from",
          fault.fromNanos(),
          "before the end of the play");
    }
  }

  /**
   * The same under other faults.
   *
   * @param newFaults what befalls the world
   * @return the scenario
   */
  public Scenario withFaults(Fault... newFaults) {
    return new Scenario(name, world, load, List.of(newFaults), play);
  }

  /**
   * The same under another load.
   *
   * @param newLoad what is asked
   * @return the scenario
   */
  public Scenario withLoad(Load newLoad) {
    return new Scenario(name, world, newLoad, faults, play);
  }

  /**
   * The same, played otherwise.
   *
   * @param newPlay how
   * @return the scenario
   */
  public Scenario withPlay(Play newPlay) {
    return new Scenario(name, world, load, faults, newPlay);
  }

  /**
   * The same under another name.
   *
   * @param newName what reports call it
   * @return the scenario
   */
  public Scenario withName(String newName) {
    return new Scenario(newName, world, load, faults, play);
  }
}
