package io.fairlead.gateway.cli;

import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in one line why a command failed. */
final class FailureReport {
  /** The exit status of a command that failed. */
  static final int FAILED = 1;

  private static final Logger LOG = LoggerFactory.getLogger(FailureReport.class);

  private FailureReport() {}

  /** Writes the line and gives the exit status; where it happened is logged at level debug. */
  static int report(Exception e, PrintWriter err) {
    if (e instanceof CommandFailure failure) {
      LOG.debug("Command failed", failure.getCause());
      err.println("fairlead: " + oneLine(failure));
    } else {
      LOG.debug("Command failed unexpectedly", e);
      String name = e.getClass().getSimpleName();
      err.println("fairlead: " + name + ": " + oneLine(e) + "; --log-level debug shows where");
    }
    return FAILED;
  }

  /** The message without line breaks. */
  static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
