package io.fairlead.gateway.cli;

/** How log lines are written. */
enum LogFormat {
  /** For people; in colour on a terminal. */
  TEXT,
  /** One JSON object a line, for programs. */
  JSON
}
