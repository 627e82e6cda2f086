package io.fairlead.gateway.cli;

/** What is logged: this level and those before it. */
enum LogLevel {
  /** What needs somebody's attention now. */
  ERROR,
  /** What may need it soon. */
  WARN,
  /** What the gateway does. */
  INFO,
  /** What helps to find a fault. */
  DEBUG,
  /** Everything. */
  TRACE
}
