package io.fairlead.gateway.jsonrpc.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.gateway.jsonrpc.method.DataRows;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.routing.MethodClass;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdict is what the rows say when they are read one after the other. */
class ReadingLawsTest {
  private static final int ERRORS = 5_000;
  private static final int TABLES = 200;
  private static final List<List<String>> EVM =
      DataRows.read(AnswerClassifier.class, "evm-answers.txt");
  private static final Map<MethodClass, MethodSpec> METHODS = new EnumMap<>(MethodClass.class);

  static {
    MethodSpecs specs = MethodSpecs.evm();
    for (String name :
        List.of(
            "eth_call",
            "eth_blockNumber",
            "eth_getLogs",
            "debug_traceTransaction",
            "eth_sendRawTransaction")) {
      Calls call = Calls.of(name, "[]");
      MethodSpec spec = specs.find(call.body(), call.spans());
      METHODS.put(spec.methodClass(), spec);
    }
  }

  private final AnswerScanner scanner = new AnswerScanner(new byte[512]);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theRowsOfEvmChainsMeanWhatTheyRead(long seed) {
    compare(EVM, new Random(seed), ERRORS, "seed " + seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 5, 6})
  void anyRowsMeanWhatTheyRead(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < TABLES; i++) {
      List<List<String>> rows = rows(random);
      compare(rows, random, 100, "seed " + seed + " rows " + rows);
    }
  }

  @Test
  void everyRowIsReached() {
    Set<String> reached = new TreeSet<>();
    PlainReading plain = new PlainReading(EVM);
    Random random = new Random(7);
    for (int i = 0; i < ERRORS; i++) {
      reached.add(plain.verdict(error(EVM, random)).kind().name());
    }
    Set<String> all = new TreeSet<>();
    EVM.forEach(cells -> all.add(cells.get(0).toUpperCase(Locale.ROOT).replace('-', '_')));
    assertEquals(all, reached);
  }

  private void compare(List<List<String>> rows, Random random, int errors, String what) {
    AnswerClassifier classifier = AnswerClassifier.of(rows);
    PlainReading plain = new PlainReading(rows);
    for (int i = 0; i < errors; i++) {
      AnError error = error(rows, random);
      assertEquals(plain.verdict(error), verdict(classifier, error), () -> what + ": " + error);
    }
  }

  private Verdict verdict(AnswerClassifier classifier, AnError error) {
    scanner.reset();
    scanner.feed(Unpooled.wrappedBuffer(error.toAnswer().getBytes(StandardCharsets.US_ASCII)));
    scanner.finish();
    MethodSpec method = Objects.requireNonNull(METHODS.get(error.methodClass()));
    return classifier.classify(error.status(), scanner, method);
  }

  /** A few rows of words that overlap as much as words can. */
  private static List<List<String>> rows(Random random) {
    List<Verdict.Kind> kinds = List.of(Verdict.Kind.values());
    List<List<String>> rows = new ArrayList<>();
    for (int row = 1 + random.nextInt(8); row > 0; row--) {
      List<String> cells = new ArrayList<>();
      cells.add(one(random, kinds).name().toLowerCase(Locale.ROOT).replace('_', '-'));
      cells.add("client");
      cells.add(one(random, List.of("-", "-", "-", "200 429")));
      cells.add(one(random, List.of("-", "-", "-", "3 -32000")));
      cells.add(one(random, List.of("-", "-", "-", "read trace")));
      for (int texts = 1 + random.nextInt(4); texts > 0; texts--) {
        cells.add(random.nextInt(10) == 0 ? "-" : pattern(random));
      }
      rows.add(cells);
    }
    return rows;
  }

  private static String pattern(Random random) {
    StringBuilder pattern = new StringBuilder(one(random, List.of("", "", "^")));
    pattern.append(word(random));
    for (int gaps = Math.max(0, random.nextInt(6) - 3); gaps > 0; gaps--) {
      pattern.append('*').append(word(random));
    }
    return pattern.append(one(random, List.of("", "", "$"))).toString();
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int length = 1 + random.nextInt(4); length > 0; length--) {
      word.append(one(random, List.of("a", "b", "c")));
    }
    return word.toString();
  }

  private static AnError error(List<List<String>> rows, Random random) {
    return new AnError(
        random.nextBoolean() ? 200 : Integer.parseInt(number(rows, 2, "500", random)),
        random.nextInt(8) == 0 ? "null" : number(rows, 3, "-32000", random),
        one(random, List.copyOf(METHODS.keySet())),
        text(rows, random),
        data(rows, random));
  }

  private static String data(List<List<String>> rows, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "0x" + "0f".repeat(random.nextInt(100));
      case 1 -> "{\"a\":\"" + text(rows, random) + "\"}";
      case 2 -> "";
      default -> text(rows, random);
    };
  }

  /** A number that a column names, or another. */
  private static String number(List<List<String>> rows, int column, String other, Random random) {
    String cell = one(random, rows).get(column);
    return cell.equals("-") ? other : one(random, List.of(cell.split(" +")));
  }

  /** What rows look for, whole and in pieces, among other words, in any case, short and long. */
  private static String text(List<List<String>> rows, Random random) {
    StringBuilder text = new StringBuilder();
    for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
      text.append(part(rows, random)).append(one(random, List.of("", "", " ", ": ")));
    }
    if (random.nextInt(10) == 0) {
      text.insert(0, "x".repeat(random.nextInt(530)));
    }
    return switch (random.nextInt(3)) {
      case 0 -> text.toString().toUpperCase(Locale.ROOT);
      case 1 -> text.toString().toLowerCase(Locale.ROOT);
      default -> text.toString();
    };
  }

  private static String part(List<List<String>> rows, Random random) {
    List<String> cells = one(random, rows);
    String text = one(random, cells.subList(5, cells.size()));
    String words = text.replace("^", "").replace("$", "");
    String filled = words.replace("*", one(random, List.of("", " ", "5", " 0x1 ", "*")));
    return switch (random.nextInt(6)) {
      case 0 -> filled.substring(random.nextInt(filled.length() + 1));
      case 1 -> filled.substring(0, random.nextInt(filled.length() + 1));
      case 2 -> one(random, List.of("the", "node", "\\/", "12", "%", "-"));
      default -> filled;
    };
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
