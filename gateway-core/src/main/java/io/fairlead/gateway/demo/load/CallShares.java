package io.fairlead.gateway.demo.load;

import io.fairlead.routing.MethodClass;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What part of the calls is of which class.
 *
 * @param parts one for each class that is asked for; their shares add up to 1
 * @param batchShare of the bodies that are batches of three, 0 to 1
 */
public record CallShares(List<Part> parts, double batchShare) {
  /** What a wallet's back end asks for; every 33rd body is a batch. */
  public static final CallShares USUAL =
      new CallShares(
          List.of(
              new Part(MethodClass.LIGHT, 0.60, 0.9),
              new Part(MethodClass.READ, 0.30, 0.75),
              new Part(MethodClass.LOGS, 0.09, 0),
              new Part(MethodClass.WRITE, 0.01, 0)),
          1.0 / 33);

  /**
   * The calls of one class.
   *
   * @param methodClass which
   * @param share of all calls, 0 to 1
   * @param headSensitiveShare of these, the part that asks for the newest block; 0 to 1; of no
   *     meaning for classes LOGS, TRACE and WRITE, which always name their blocks or need none
   */
  public record Part(MethodClass methodClass, double share, double headSensitiveShare) {
    /** Checks the ranges. */
    public Part {
      require(share >= 0 && share <= 1, "share", share);
      require(
          headSensitiveShare >= 0 && headSensitiveShare <= 1,
          "headSensitiveShare",
          headSensitiveShare);
    }
  }

  /** Copies the list and checks that there is something to ask. */
  public CallShares {
    parts = List.copyOf(parts);
    require(batchShare >= 0 && batchShare <= 1, "batchShare", batchShare);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("parts: none (expected: at least one)");
    }
  }

  /** One at random, by share. */
  Part next(RandomGenerator random) {
    double dice = random.nextDouble();
    for (Part part : parts) {
      dice -= part.share();
      if (dice < 0) {
        return part;
      }
    }
    return parts.get(0);
  }

  private static void require(boolean isGood, String field, double value) {
    if (!isGood) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: 0 to 1)");
    }
  }
}
