package io.fairlead.gateway.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks tests that need a real node or a client from npm.
 *
 * <p>Where npm is missing they are skipped with the reason; where the environment says {@code CI}
 * they fail instead, so that a proof cannot go missing unnoticed.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresNode.Condition.class)
public @interface RequiresNode {
  /** Installs the tools, or says why the tests cannot run. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        return ConditionEvaluationResult.enabled("anvil is " + NodeTools.anvil());
      } catch (NodeTools.Unavailable e) {
        return without(String.valueOf(e.getMessage()), System.getenv("CI") != null);
      }
    }

    /** What becomes of the tests when the tools are missing. */
    static ConditionEvaluationResult without(String why, boolean isCi) {
      String reason = "SKIPPED for want of a real node: " + why;
      if (isCi) {
        throw new IllegalStateException(reason + " (CI must have it)");
      }
      return ConditionEvaluationResult.disabled(reason);
    }
  }
}
