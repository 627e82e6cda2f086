package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.yaml.ScalarType;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.ValueType;
import io.fairlead.gateway.config.yaml.YamlNode.Scalar.Tag;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What single fields of a scenario file may be, beyond what the configuration knows. */
final class DrillTypes {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");
  private static final Pattern DURATION =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)(us|ms|s|m|h)");
  private static final Map<String, Long> UNIT_NANOS =
      Map.of("us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L);
  private static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}]{1,300}");

  private DrillTypes() {}

  /** A line of text for people. */
  static ValueType<String> line() {
    return Scalars.text(LINE, "a line of text, at most 300 characters");
  }

  /** A number with a fraction if need be. */
  static ScalarType<Double> number(String min, String max) {
    double least = Double.parseDouble(min);
    double most = Double.parseDouble(max);
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "number");
    schema.put("minimum", least);
    schema.put("maximum", most);
    return ScalarType.of(
        new ScalarType.Rule("a number from " + min + " to " + max, schema),
        EnumSet.of(Tag.WHOLE, Tag.NUMBER),
        text -> numberOf(text).filter(n -> n >= least && n <= most));
  }

  /** A duration in nanoseconds; finer than the configuration's, since service times are. */
  static ScalarType<Long> nanos(String min, String max) {
    long least = nanosOf(min).orElseThrow();
    long most = nanosOf(max).orElseThrow();
    return ScalarType.of(
        new ScalarType.Rule(
            "a duration from " + min + " to " + max + ", like 1.5ms, 250ms or 2s",
            Scalars.string(DURATION.pattern())),
        EnumSet.of(Tag.TEXT),
        text -> nanosOf(text).filter(n -> n >= least && n <= most));
  }

  static Optional<Double> numberOf(String text) {
    return NUMBER.matcher(text).matches()
        ? Optional.of(Double.parseDouble(text))
        : Optional.empty();
  }

  static Optional<Long> nanosOf(String text) {
    Matcher m = DURATION.matcher(text);
    return m.matches() ? Optional.of(product(m.group(1), m.group(2))) : Optional.empty();
  }

  private static long product(String number, String unit) {
    long unitNanos = UNIT_NANOS.getOrDefault(unit, 3_600_000_000_000L);
    return new BigDecimal(number).multiply(BigDecimal.valueOf(unitNanos)).longValue();
  }

  /** A duration as a file would say it. */
  static String text(long nanos) {
    BigDecimal millis = BigDecimal.valueOf(nanos).movePointLeft(6);
    return nanos % 1_000_000_000L == 0
        ? nanos / 1_000_000_000L + "s"
        : millis.stripTrailingZeros().toPlainString() + "ms";
  }
}
