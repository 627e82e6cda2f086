package io.fairlead.gateway.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/** A log line for people: time in UTC, level, logger, message, pairs; a stack on further lines. */
final class TextLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Map<Level, String> COLOURS =
      Map.of(Level.ERROR, "\u001b[31m", Level.WARN, "\u001b[33m", Level.INFO, "\u001b[32m");
  private static final String FAINT = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean hasColour;

  TextLayout(boolean hasColour) {
    this.hasColour = hasColour;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    paint(line, FAINT, TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
    line.append(' ');
    Level level = event.getLevel();
    paint(line, COLOURS.getOrDefault(level, FAINT), level.toString());
    line.append(" ".repeat(Math.max(1, 6 - level.toString().length())));
    paint(line, FAINT, shortName(event.getLoggerName()));
    line.append(' ').append(oneLine(event.getFormattedMessage()));
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.append(' ').append(pair.key).append('=').append(oneLine(String.valueOf(pair.value)));
      }
    }
    line.append(System.lineSeparator());
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null ? line.toString() : line + ThrowableProxyUtil.asString(thrown);
  }

  private void paint(StringBuilder line, String colour, String text) {
    if (hasColour) {
      line.append(colour).append(text).append(PLAIN);
    } else {
      line.append(text);
    }
  }

  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  /** A text that came from outside must not forge a line of its own, nor move the cursor. */
  private static String oneLine(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> safe.appendCodePoint(Character.isISOControl(c) && c != '\t' ? '?' : c));
    return safe.toString();
  }
}
