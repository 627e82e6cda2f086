package io.fairlead.gateway.logs;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an upstream's refusal says of what it would take.
 *
 * <p>The words are those of the providers: {@code Try with this block range [0x1, 0x2]} and the
 * same as {@code from} and {@code to} in the error's data; {@code this block range should work:
 * [0x1, 0x2]}; {@code retry with the range 1-2}; {@code limited to a 10,000 range}; {@code exceed
 * maximum block range: 50000}; {@code max is 1k blocks}. A number is the limit of blocks only if
 * the refusal is not about the results' size, where it counts results.
 *
 * @param isAboutSize whether the answer would have been too long, not the range too wide
 * @param limit the number that is named as the limit, or -1
 * @param first the first block of a range that is suggested, or -1
 * @param last its last block, or -1
 */
record RangeHint(boolean isAboutSize, long limit, long first, long last) {
  private static final int LONGEST_TEXT = 2048;
  private static final Pattern HEX_RANGE =
      Pattern.compile("\\[\\s*0x([0-9a-f]{1,15})\\s*,\\s*0x([0-9a-f]{1,15})\\s*\\]");
  private static final Pattern DATA_FROM =
      Pattern.compile("\"from\"\\s*:\\s*\"0x([0-9a-f]{1,15})\"");
  private static final Pattern DATA_TO = Pattern.compile("\"to\"\\s*:\\s*\"0x([0-9a-f]{1,15})\"");
  private static final Pattern DECIMAL_RANGE =
      Pattern.compile("range ([0-9]{1,18}) ?- ?([0-9]{1,18})");
  private static final Pattern SIZE =
      Pattern.compile("result|response|too big|paginat|timeout|timed out|query exceeds limit");
  private static final Pattern LIMIT =
      Pattern.compile(
          "(?:limit|max|up to|exceed|over|more than|greater than|larger than|less than)"
              + "[^0-9\\[\\]\"]{0,48}([0-9][0-9,_.]{0,17})(k?)(?![0-9x])");

  /**
   * Reads a refusal.
   *
   * @param error the error object as the upstream wrote it
   */
  static RangeHint of(String error) {
    String text =
        error.substring(0, Math.min(LONGEST_TEXT, error.length())).toLowerCase(Locale.ROOT);
    boolean isAboutSize = SIZE.matcher(text).find();
    Matcher hex = HEX_RANGE.matcher(text);
    if (hex.find()) {
      return new RangeHint(isAboutSize, limit(text), hex(hex.group(1)), hex(hex.group(2)));
    }
    Matcher from = DATA_FROM.matcher(text);
    Matcher to = DATA_TO.matcher(text);
    if (from.find() && to.find()) {
      return new RangeHint(isAboutSize, limit(text), hex(from.group(1)), hex(to.group(1)));
    }
    Matcher decimal = DECIMAL_RANGE.matcher(text);
    if (isAboutSize && decimal.find()) {
      return new RangeHint(
          true, limit(text), Long.parseLong(decimal.group(1)), Long.parseLong(decimal.group(2)));
    }
    return new RangeHint(isAboutSize, limit(text), -1, -1);
  }

  private static long hex(String digits) {
    return Long.parseLong(digits, 16);
  }

  private static long limit(String text) {
    Matcher matcher = LIMIT.matcher(text);
    if (!matcher.find()) {
      return -1;
    }
    String digits = matcher.group(1).replaceAll("[^0-9]", "");
    long number = digits.length() > 12 ? -1 : Long.parseLong(digits);
    return matcher.group(2).isEmpty() || number < 0 ? number : number * 1000;
  }

  /**
   * How many blocks to ask for now instead of what was refused.
   *
   * @param from the first block that was asked for
   * @param blocks how many were asked for, 2 or more
   * @return 1 to {@code blocks - 1}
   */
  long narrower(long from, long blocks) {
    long suggested = first <= from && last >= from ? last - from + 1 : -1;
    if (suggested > 0 && suggested < blocks) {
      return suggested;
    }
    return !isAboutSize && limit > 0 && limit < blocks ? limit : blocks / 2;
  }

  /** The limit of blocks whatever is asked, or -1 if none is named. */
  long toldBlocks() {
    return isAboutSize ? -1 : limit;
  }
}
