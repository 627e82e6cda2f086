package io.fairlead.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class LogSetupTest {
  private final LoggerContext context = new LoggerContext();

  LogSetupTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @Test
  void textIsOneLineAndCannotBeForged() {
    String line = new TextLayout(false).doLayout(event("GET /\r\n2026 \u001b[31mERROR fake"));
    assertEquals(
        "1970-01-01T00:00:01.500Z WARN  Probe GET /??2026 ?[31mERROR fake" + System.lineSeparator(),
        line);
  }

  @Test
  void jsonIsOneObjectALine() {
    LogSetup.configure(context, LogFormat.JSON, LogLevel.INFO);
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    AsyncAppender queue = (AsyncAppender) root.getAppender("queue");
    ConsoleAppender<ILoggingEvent> console =
        (ConsoleAppender<ILoggingEvent>) queue.getAppender("stderr");
    assertEquals("System.err", console.getTarget());
    byte[] bytes = console.getEncoder().encode(event("say \"a\"\nb"));
    String line = new String(bytes, StandardCharsets.UTF_8);
    assertTrue(line.startsWith("{") && line.endsWith("}" + System.lineSeparator()), line);
    assertTrue(line.contains("\"message\":\"say \\\"a\\\"\\nb\""), line);
    context.stop();
  }

  @Test
  void levelsHoldAndLibrariesStayQuiet() {
    LogSetup.configure(context, LogFormat.TEXT, LogLevel.DEBUG);
    assertEquals(Level.DEBUG, context.getLogger("io.fairlead.x").getEffectiveLevel());
    assertEquals(Level.INFO, context.getLogger("io.netty.x").getEffectiveLevel());
    String http2 = "io.netty.handler.codec.http2.Http2ControlFrameLimitEncoder";
    assertEquals(Level.WARN, context.getLogger(http2).getEffectiveLevel());
    LogSetup.configure(context, LogFormat.TEXT, LogLevel.ERROR);
    assertEquals(Level.ERROR, context.getLogger("io.netty.x").getEffectiveLevel());
    assertFalse(context.getLogger("io.fairlead.x").isWarnEnabled());
    context.stop();
  }

  private LoggingEvent event(String message) {
    Logger logger = context.getLogger("io.fairlead.probes.Probe");
    LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, null, null);
    event.setTimeStamp(1500);
    return event;
  }
}
