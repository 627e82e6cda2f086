package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.routing.MethodClass;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which rules may fit an answer before its text is read: a set of rules, a bit each, for every HTTP
 * status, error code and method class that the rules name.
 *
 * <p>Thread-safety: immutable.
 */
final class RuleConditions {
  private final NumberTable statuses;
  private final NumberTable codes;
  private final Map<MethodClass, Long> classes = new EnumMap<>(MethodClass.class);

  RuleConditions(List<AnswerRule> rules) {
    statuses = new NumberTable(rules, AnswerRule::statuses);
    codes = new NumberTable(rules, AnswerRule::codes);
    for (MethodClass each : MethodClass.values()) {
      classes.put(each, naming(rules, AnswerRule::classes, each));
    }
  }

  /** The rules whose conditions hold but for the text's, bit n for the nth. */
  long fitting(int status, long code, MethodClass methodClass) {
    return statuses.at(status) & codes.at(code) & classes.getOrDefault(methodClass, 0L);
  }

  /** The rules that name a value or none at all. */
  private static <T> long naming(
      List<AnswerRule> rules, Function<AnswerRule, Set<T>> named, T value) {
    long set = 0;
    for (int i = 0; i < rules.size(); i++) {
      Set<T> values = named.apply(rules.get(i));
      set |= values.isEmpty() || values.contains(value) ? 1L << i : 0;
    }
    return set;
  }

  /** Sets of rules by a number, and the set for all other numbers. */
  private static final class NumberTable {
    private final long[] numbers;
    private final long[] sets;
    private final long others;

    NumberTable(List<AnswerRule> rules, Function<AnswerRule, Set<Long>> named) {
      numbers =
          rules.stream()
              .flatMap(rule -> named.apply(rule).stream())
              .mapToLong(Long::longValue)
              .sorted()
              .distinct()
              .toArray();
      sets = Arrays.stream(numbers).map(number -> naming(rules, named, number)).toArray();
      others = naming(rules, named, AnswerScanner.NO_CODE);
    }

    long at(long number) {
      int i = Arrays.binarySearch(numbers, number);
      return i < 0 ? others : sets[i];
    }
  }
}
