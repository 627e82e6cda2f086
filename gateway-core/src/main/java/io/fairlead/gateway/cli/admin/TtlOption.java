package io.fairlead.gateway.cli.admin;

import com.google.protobuf.Duration;
import io.fairlead.gateway.config.yaml.Scalars;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How long an override is to hold. */
final class TtlOption {
  @Option(
      names = "--ttl",
      paramLabel = "10m",
      converter = Converter.class,
      description = "Ends by itself after this time: 30s, 10m, 2h, 1d (default: until restored).")
  private @Nullable Duration ttl;

  Optional<Duration> ttl() {
    return Optional.ofNullable(ttl);
  }

  /** Reads durations as the configuration writes them. */
  static final class Converter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      java.time.Duration ttl =
          Scalars.durationOf(text)
              .orElseThrow(
                  () ->
                      new TypeConversionException(
                          "'" + text + "' is no duration (expected: like 30s, 10m or 2h)"));
      return Duration.newBuilder().setSeconds(ttl.toSeconds()).setNanos(ttl.toNanosPart()).build();
    }
  }
}
