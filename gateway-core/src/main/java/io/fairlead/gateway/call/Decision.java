package io.fairlead.gateway.call;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.AttemptKind;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.ShareEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How one call was decided, written down while it happens, for a client that asked for it.
 *
 * <p>Only calls that are to be explained have one, so it may allocate.
 *
 * <p>Thread-safety: confined to the call's event loop. Units: milliseconds.
 */
public final class Decision {
  /** More upstreams than this are only counted, so that the answer's head stays small. */
  static final int CANDIDATES = 8;

  private static final int ATTEMPTS = 8;

  private final long startNanos;
  private final List<Try> tries = new ArrayList<>(3);
  private String seen = "";
  private String retryReason = RetryReason.FAILED.label();

  /** One attempt; the result is null while it is under way. */
  private static final class Try {
    private final Attempt attempt;
    private final String why;
    private @Nullable AttemptResult result;
    private long endNanos;

    private Try(Attempt attempt, String why) {
      this.attempt = attempt;
      this.why = why;
    }
  }

  Decision(long startNanos) {
    this.startNanos = startNanos;
  }

  /** Notes what the call is taken for and who could serve it by the table of the moment. */
  void onTable(RoutingTable table, MethodClass methodClass, boolean headSensitive) {
    List<ShareEntry> candidates =
        table.entries(methodClass, headSensitive).stream()
            .filter(entry -> entry.share() > 0)
            .sorted(Comparator.comparingDouble(ShareEntry::share).reversed())
            .toList();
    StringBuilder json = new StringBuilder(256);
    json.append("\"chain\":");
    quote(json, table.chain());
    json.append(",\"table\":").append(table.version());
    json.append(",\"class\":\"").append(methodClass.label());
    json.append("\",\"head\":").append(headSensitive);
    json.append(",\"panic\":").append(table.isPanic()).append(",\"candidates\":[");
    for (int i = 0; i < Math.min(CANDIDATES, candidates.size()); i++) {
      json.append(i == 0 ? "" : ",");
      candidate(json, candidates.get(i), table);
    }
    json.append("],\"more\":").append(Math.max(0, candidates.size() - CANDIDATES));
    seen = json.toString();
  }

  private static void candidate(StringBuilder json, ShareEntry entry, RoutingTable table) {
    Upstream upstream = entry.upstream();
    json.append("{\"id\":");
    quote(json, upstream.id());
    json.append(",\"share\":").append(number(entry.share(), 4));
    if (!Double.isNaN(entry.costMillis())) {
      json.append(",\"cost\":").append(number(entry.costMillis(), 2));
    }
    json.append(",\"inFlight\":").append(upstream.inFlight());
    json.append(",\"hot\":").append(table.isHot(upstream)).append('}');
  }

  /** Why the next retry is made. */
  void onRetry(RetryReason reason) {
    retryReason = reason.label();
  }

  void onLaunch(Attempt attempt) {
    tries.add(new Try(attempt, why(attempt.kind())));
  }

  private String why(AttemptKind kind) {
    return switch (kind) {
      case PRIMARY -> "share";
      case RETRY -> retryReason;
      case HEDGE -> "slow";
      case RESCUE -> "ejected";
    };
  }

  void onSettled(Attempt attempt, AttemptResult result, long nowNanos) {
    for (Try t : tries) {
      if (t.attempt == attempt) {
        t.result = result;
        t.endNanos = nowNanos;
      }
    }
  }

  /**
   * The decision so far as one line of JSON, in ASCII.
   *
   * @param nowNanos the loop's time
   * @return an object; docs/routing.md describes its members
   */
  public String toJson(long nowNanos) {
    StringBuilder json = new StringBuilder(512).append('{').append(seen);
    json.append(seen.isEmpty() ? "" : ",").append("\"attempts\":[");
    for (int i = 0; i < Math.min(ATTEMPTS, tries.size()); i++) {
      json.append(i == 0 ? "" : ",");
      attempt(json, tries.get(i), nowNanos);
    }
    return json.append("],\"ms\":").append(millis(nowNanos - startNanos)).append('}').toString();
  }

  private void attempt(StringBuilder json, Try t, long nowNanos) {
    AttemptResult result = t.result;
    long endNanos = result == null ? nowNanos : t.endNanos;
    json.append("{\"upstream\":");
    quote(json, t.attempt.upstream().id());
    json.append(",\"kind\":\"").append(t.attempt.kind().name().toLowerCase(Locale.ROOT));
    json.append("\",\"why\":\"").append(t.why);
    json.append("\",\"at\":").append(millis(t.attempt.startNanos() - startNanos));
    json.append(",\"ms\":").append(millis(endNanos - t.attempt.startNanos()));
    json.append(",\"result\":\"");
    json.append(result == null ? "under_way" : result.name().toLowerCase(Locale.ROOT));
    json.append("\"}");
  }

  private static String millis(long nanos) {
    return number(nanos / 1e6, 2);
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** A JSON string that is safe in a header field, whatever an operator called an upstream. */
  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
