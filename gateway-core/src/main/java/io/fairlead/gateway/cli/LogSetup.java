package io.fairlead.gateway.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.LoggerFactory;

/**
 * Sets up logging to standard error, without a configuration file so that it costs little at start.
 *
 * <p>Lines are handed to a thread of their own and dropped rather than waited for when standard
 * error does not take them: an event loop must not stand still because a terminal does. A user's
 * own Logback file, named by {@code -Dlogback.configurationFile}, is left alone.
 */
public final class LogSetup {
  private static final String OWN_FILE = "logback.configurationFile";
  private static final int QUEUED_LINES = 4096;
  private static final int FLUSH_MILLIS = 1000;

  /**
   * Libraries that say at level info or debug what only their authors want to know, or what a
   * client can make them say as often as it likes, stack and all.
   */
  private static final Map<String, Level> QUIET =
      Map.of(
          "io.netty", Level.INFO,
          "io.netty.handler.codec.http2", Level.WARN,
          "io.grpc", Level.INFO);

  private LogSetup() {}

  /** Writes from now on in this format what this level lets through. */
  static void start(LogFormat format, LogLevel level) {
    if (System.getProperty(OWN_FILE) == null
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      configure(context, format, level);
    }
  }

  /** Lets nothing less through than this, whatever was chosen: something else is being shown. */
  static void atLeast(LogLevel level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
      Level least = Level.valueOf(level.name());
      if (!root.getLevel().isGreaterOrEqual(least)) {
        root.setLevel(least);
        QUIET.keySet().forEach(name -> context.getLogger(name).setLevel(least));
      }
    }
  }

  /** Writes what is queued and stops logging; called last. */
  public static void stop() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }

  static void configure(LoggerContext context, LogFormat format, LogLevel level) {
    context.reset();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.valueOf(level.name()));
    QUIET.forEach((name, least) -> context.getLogger(name).setLevel(quieter(least, root)));
    root.addAppender(queue(context, console(context, format)));
  }

  private static Level quieter(Level least, Logger root) {
    return root.getEffectiveLevel().isGreaterOrEqual(least) ? root.getLevel() : least;
  }

  private static AsyncAppender queue(
      LoggerContext context, ConsoleAppender<ILoggingEvent> console) {
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setName("queue");
    queue.setQueueSize(QUEUED_LINES);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.setMaxFlushTime(FLUSH_MILLIS);
    queue.addAppender(console);
    queue.start();
    return queue;
  }

  private static ConsoleAppender<ILoggingEvent> console(LoggerContext context, LogFormat format) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setName("stderr");
    console.setTarget("System.err");
    console.setEncoder(encoder(context, format));
    console.start();
    return console;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
    Encoder<ILoggingEvent> encoder =
        format == LogFormat.JSON ? new LogstashEncoder() : text(context);
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    TextLayout layout = new TextLayout(hasColour());
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    return encoder;
  }

  /** The launcher knows whether standard error is a terminal; Java does not say. */
  private static boolean hasColour() {
    return Boolean.getBoolean("fairlead.terminal.err")
        && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
  }
}
