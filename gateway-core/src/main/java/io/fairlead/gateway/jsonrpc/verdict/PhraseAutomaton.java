package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.Excerpt;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The words of all rules in one machine that reads a text once and tells the first rule that has
 * words in it.
 *
 * <p><b>Idea.</b> The automaton of Aho and Corasick: its state is the longest beginning of any
 * phrase that the text read so far ends with, so that one step a byte looks for all phrases at
 * once. Letters count regardless of case. The text's beginning and end are symbols too, which is
 * how {@code ^} and {@code $} work.
 *
 * <p><b>Lanes.</b> A step is a load whose address depends on the load before, some six cycles in
 * which the processor has nothing else to do. So a text is read in four quarters side by side, each
 * from the empty beginning on, and then each quarter's machine reads on into the next for as long
 * as what it is in the middle of began in its own: as long as its state is a longer beginning than
 * what was read since. A phrase that begins in a quarter is thus read to its end by that quarter's
 * machine, however far it reaches. Between phrases that ends after a byte or two.
 *
 * <p><b>Stars.</b> Of a pattern with a star its longest part is looked for. If that is there, the
 * pattern itself is compared, once for each text.
 *
 * <p><b>Bounds.</b> At most 64 rules and patterns with stars together: each is a bit of a long. A
 * text is what an {@link Excerpt} keeps. Reading ends when the first rule that is asked for was
 * found.
 *
 * <p><b>Cost.</b> A quarter of a step for each byte and a few steps more, a step for each byte of a
 * short text. The table has a column for each symbol and a row for each state, half a megabyte for
 * EVM chains, of which texts touch the rows of short beginnings. Nothing is allocated.
 *
 * <p>Source: Aho and Corasick, "Efficient string matching: an aid to bibliographic search",
 * Communications of the ACM 18 (1975). That the chain of loads is what a machine's steps wait for:
 * Mytkowicz, Musuvathi and Schulte, "Data-parallel finite-state machines", ASPLOS (2014).
 *
 * <p>Thread-safety: immutable.
 */
final class PhraseAutomaton {
  private static final int MOST_BITS = Long.SIZE;
  private static final int LANES = 4;

  /** Up to here the lanes' ends would take as long as a text in one lane. */
  private static final int SHORT_BYTES = 48;

  private final Alphabet alphabet;

  /**
   * A row for each state, that of the empty beginning first. In the column of a symbol stands the
   * index of the row that follows, inverted if that reports; then {@link #depth} and {@link #rank}.
   */
  private final int[] next;

  private final int start;

  /** The column with the length of the state's beginning. */
  private final int depth;

  /** The column with the state's number. */
  private final int rank;

  /** By state: the bits of the rules whose words are there, and of patterns to compare. */
  private final long[] reports;

  /** The patterns with stars, whose bits are those after the last rule's. */
  private final List<TextPattern> gapped;

  /** The rule of each of them. */
  private final long[] gappedRules;

  private final int rules;

  private PhraseAutomaton(Alphabet alphabet, List<AnswerRule> all) {
    this.alphabet = alphabet;
    rules = all.size();
    gapped = all.stream().flatMap(PhraseAutomaton::gapped).toList();
    gappedRules =
        IntStream.range(0, rules)
            .flatMap(rule -> gapped(all.get(rule)).mapToInt(text -> rule))
            .mapToLong(rule -> 1L << rule)
            .toArray();
    if (rules + gapped.size() > MOST_BITS) {
      throw new IllegalArgumentException(
          "answer rows and texts with a star: "
              + (rules + gapped.size())
              + " (expected: at most "
              + MOST_BITS
              + ")");
    }
    List<PhraseTrie.Node> nodes = nodes(all);
    depth = alphabet.size();
    rank = depth + 1;
    next = new int[nodes.size() * (rank + 1)];
    reports = nodes.stream().mapToLong(PhraseTrie.Node::reports).toArray();
    for (int i = 0; i < nodes.size(); i++) {
      write(i, nodes.get(i));
    }
    start = row(next[alphabet.begin()]);
  }

  /** An automaton of the rules' texts. */
  static PhraseAutomaton of(List<AnswerRule> rules) {
    return new PhraseAutomaton(
        new Alphabet(
            rules.stream()
                .flatMap(rule -> rule.texts().stream())
                .flatMap(text -> text.parts().stream())
                .toList()),
        rules);
  }

  private static Stream<TextPattern> gapped(AnswerRule rule) {
    return rule.texts().stream().filter(TextPattern::isGapped);
  }

  private List<PhraseTrie.Node> nodes(List<AnswerRule> all) {
    PhraseTrie trie = new PhraseTrie(alphabet.size());
    for (int i = 0; i < rules; i++) {
      for (TextPattern text : all.get(i).texts()) {
        if (!text.isGapped()) {
          trie.add(alphabet.spell(text.longestPart(), text.fromStart(), text.toEnd()), 1L << i);
        }
      }
    }
    for (int i = 0; i < gapped.size(); i++) {
      trie.add(alphabet.spell(gapped.get(i).longestPart(), false, false), 1L << (rules + i));
    }
    return trie.close();
  }

  private void write(int place, PhraseTrie.Node node) {
    int width = rank + 1;
    int row = place * width;
    for (int symbol = 0; symbol < alphabet.size(); symbol++) {
      int to = node.next(symbol);
      next[row + symbol] = reports[to] == 0 ? to * width : ~(to * width);
    }
    next[row + depth] = node.depth();
    next[row + rank] = place;
  }

  /**
   * Looks for words of some rules.
   *
   * @param text a message or data as written
   * @param wanted the rules, bit n for the nth
   * @return the bit of the first of them that has words in the text, 0 if none has
   */
  long first(Excerpt text, long wanted) {
    if (wanted == 0) {
      return 0;
    }
    long enough = Long.lowestOneBit(wanted);
    int length = text.textEnd() - text.textStart();
    long seen =
        length <= SHORT_BYTES
            ? seenOn(text, start, text.textStart(), text.textEnd(), enough)
            : seen(text, enough);
    long found = Long.lowestOneBit(seen & wanted);
    long doubts = rules == MOST_BITS ? 0 : seen >>> rules;
    long confirmed = doubts == 0 ? 0 : confirmed(text, doubts, wanted & found - 1);
    return confirmed == 0 ? found : confirmed;
  }

  /** What is reported of a text, all of it or until something that is enough. */
  private long seen(Excerpt text, long enough) {
    byte[] bytes = text.bytes();
    int from = text.textStart();
    int lane = (text.textEnd() - from) / LANES;
    int a = start;
    int b = 0;
    int c = 0;
    int d = 0;
    long seen = 0;
    for (int i = from; i < from + lane; i++) {
      a = next[a + alphabet.symbol(bytes[i])];
      b = next[b + alphabet.symbol(bytes[i + lane])];
      c = next[c + alphabet.symbol(bytes[i + 2 * lane])];
      d = next[d + alphabet.symbol(bytes[i + 3 * lane])];
      if ((a | b | c | d) < 0) {
        seen |= report(a) | report(b) | report(c) | report(d);
        if ((seen & enough) != 0) {
          return seen;
        }
        a = row(a);
        b = row(b);
        c = row(c);
        d = row(d);
      }
    }
    seen |= seenOn(text, a, from + lane, from + lane, enough);
    seen |= seenOn(text, b, from + 2 * lane, from + 2 * lane, enough);
    seen |= seenOn(text, c, from + 3 * lane, from + 3 * lane, enough);
    return seen | seenOn(text, d, from + 4 * lane, text.textEnd(), enough);
  }

  /** What is reported of the rest of a text as far as it begins before a place. */
  private long seenOn(Excerpt text, int state, int from, int place, long enough) {
    byte[] bytes = text.bytes();
    int end = text.textEnd();
    long seen = 0;
    for (int i = from; i <= end && next[state + depth] > i - place; i++) {
      int to = next[state + (i < end ? alphabet.symbol(bytes[i]) : alphabet.end())];
      seen |= report(to);
      if ((seen & enough) != 0) {
        return seen;
      }
      state = row(to);
    }
    return seen;
  }

  private long report(int to) {
    return to < 0 ? reports[next[~to + rank]] : 0;
  }

  /** The row of a state that reports or does not. */
  private static int row(int to) {
    return to < 0 ? ~to : to;
  }

  /** The first wanted rule with a pattern in doubt that fits. */
  private long confirmed(Excerpt text, long doubts, long wanted) {
    long found = 0;
    for (long left = doubts; left != 0; left &= left - 1) {
      int i = Long.numberOfTrailingZeros(left);
      boolean isEarlier = (gappedRules[i] & wanted) != 0;
      if (isEarlier && gapped.get(i).fits(text.bytes(), text.textStart(), text.textEnd())) {
        found = gappedRules[i];
        wanted &= found - 1;
      }
    }
    return found;
  }
}
