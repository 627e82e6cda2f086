package io.fairlead.gateway.drill.file;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.scenario.ClassLoad;
import java.util.List;

/** What clients ask for when nobody says otherwise. */
public final class UsualLoad {
  /** Four calls in five from memory, some reads, three in a hundred that take most of a second. */
  public static final List<ClassLoad> CLASSES =
      List.of(
          new ClassLoad(MethodClass.LIGHT, 0.80, 1.5, 0.5, 0.25),
          new ClassLoad(MethodClass.READ, 0.17, 15, 0.5, 0.5),
          new ClassLoad(MethodClass.TRACE, 0.03, 700, 0.3, 0));

  private UsualLoad() {}
}
