package io.fairlead.gateway.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a scrape answers as strictly as a scraper would. */
public final class Scrape {
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:" + LABEL + ",?)*})? ([-+0-9.eEInfNa]+)( [0-9.]+)?");
  private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE|UNIT) (\\S+) (.*)");

  /** Type by family. */
  public final Map<String, String> types = new HashMap<>();

  /** Help by family. */
  public final Map<String, String> helps = new HashMap<>();

  /** Value by series. */
  public final Map<String, Double> samples = new HashMap<>();

  /** Names of samples. */
  public final Set<String> names = new HashSet<>();

  /** Parses; throws on anything that is not as the format wants it. */
  public static Scrape parse(String text) {
    Scrape scrape = new Scrape();
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line has no end");
    }
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (lines.get(lines.size() - 1).equals("# EOF")) {
      lines.remove(lines.size() - 1);
    }
    lines.forEach(scrape::line);
    return scrape;
  }

  private void line(String line) {
    Matcher comment = COMMENT.matcher(line);
    if (comment.matches()) {
      Map<String, String> facts =
          comment.group(1).equals("TYPE") ? types : comment.group(1).equals("HELP") ? helps : null;
      if (facts != null && facts.put(comment.group(2), comment.group(3)) != null) {
        throw new AssertionError("told twice: " + line);
      }
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("no sample: " + line);
    }
    names.add(sample.group(1));
    String labels = sample.group(2) == null ? "" : sample.group(2).replace(",}", "}");
    double value = Double.parseDouble(sample.group(3).replace("+Inf", "Infinity"));
    if (samples.put(sample.group(1) + labels, value) != null) {
      throw new AssertionError("a series twice: " + line);
    }
  }

  /** The value of a series, which must be there. */
  public double value(String series) {
    Double value = samples.get(series);
    if (value == null) {
      throw new AssertionError("no " + series + " in " + samples.keySet());
    }
    return value;
  }
}
