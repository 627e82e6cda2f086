package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.Excerpt;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of all rules in one machine that reads a text once, byte by byte, and tells the first
 * rule that has words in it.
 *
 * <p><b>Idea.</b> The automaton of Aho and Corasick: its state is the longest beginning of any
 * phrase that the text read so far ends with, so that one step a byte looks for all phrases at
 * once. Letters count regardless of case. The text's beginning and end are symbols too, which is
 * how {@code ^} and {@code $} work.
 *
 * <p><b>Stars.</b> Of a pattern with a star its longest part is looked for. If that is there, the
 * pattern itself is compared, once for each text.
 *
 * <p><b>Bounds.</b> At most 64 rules and 64 patterns with stars: each is a bit of a long. A text is
 * what an {@link Excerpt} keeps. Reading ends where no rule before the one found is left.
 *
 * <p><b>Cost.</b> One load that depends on the one before for each byte. The table has a column for
 * each symbol and a row for each state, half a megabyte for EVM chains, of which texts touch the
 * rows of short beginnings. Nothing is allocated.
 *
 * <p>Source: Aho and Corasick, "Efficient string matching: an aid to bibliographic search",
 * Communications of the ACM 18 (1975). Thread-safety: immutable.
 */
final class PhraseAutomaton {
  private static final int MOST_GAPPED = Long.SIZE;

  private final Alphabet alphabet;

  /** A state is the index of its row; rows of states that report nothing come first. */
  private final int[] next;

  private final int start;
  private final int reporting;

  /** By state, from the first that reports: rules whose words are there, patterns to compare. */
  private final long[] sure;

  private final long[] doubtful;
  private final List<TextPattern> gapped;

  /** The rule of each pattern with a star. */
  private final long[] gappedRules;

  private PhraseAutomaton(
      Alphabet alphabet, List<PhraseTrie.Node> nodes, List<TextPattern> gapped, long[] rules) {
    this.alphabet = alphabet;
    this.gapped = List.copyOf(gapped);
    gappedRules = rules;
    int[] places = places(nodes);
    int silent = (int) nodes.stream().filter(node -> !node.reports()).count();
    int width = alphabet.size();
    next = new int[nodes.size() * width];
    sure = new long[nodes.size() - silent];
    doubtful = new long[nodes.size() - silent];
    for (int i = 0; i < nodes.size(); i++) {
      PhraseTrie.Node node = nodes.get(i);
      for (int symbol = 0; symbol < width; symbol++) {
        next[places[i] * width + symbol] = places[node.next(symbol)] * width;
      }
      if (node.reports()) {
        sure[places[i] - silent] = node.sure();
        doubtful[places[i] - silent] = node.doubtful();
      }
    }
    reporting = silent * width;
    start = next[places[0] * width + alphabet.begin()];
  }

  /** An automaton of the rules' texts. */
  static PhraseAutomaton of(List<AnswerRule> rules) {
    Alphabet alphabet =
        new Alphabet(
            rules.stream()
                .flatMap(rule -> rule.texts().stream())
                .flatMap(text -> text.parts().stream())
                .toList());
    PhraseTrie trie = new PhraseTrie(alphabet.size());
    List<TextPattern> gapped = new ArrayList<>();
    long[] gappedRules = new long[MOST_GAPPED];
    for (int i = 0; i < rules.size(); i++) {
      for (TextPattern text : rules.get(i).texts()) {
        if (text.isGapped()) {
          gappedRules[index(text, gapped.size())] = 1L << i;
          trie.add(alphabet.spell(text.longestPart(), false, false), 0, 1L << gapped.size());
          gapped.add(text);
        } else {
          int[] spelt = alphabet.spell(text.longestPart(), text.fromStart(), text.toEnd());
          trie.add(spelt, 1L << i, 0);
        }
      }
    }
    return new PhraseAutomaton(alphabet, trie.close(), gapped, gappedRules);
  }

  private static int index(TextPattern text, int before) {
    if (before == MOST_GAPPED) {
      throw new IllegalArgumentException(
          "text: " + text + " (expected: at most " + MOST_GAPPED + " texts with a star)");
    }
    return before;
  }

  /** The rows of nodes: those that report nothing first. */
  private static int[] places(List<PhraseTrie.Node> nodes) {
    int[] places = new int[nodes.size()];
    int place = 0;
    for (boolean reports : new boolean[] {false, true}) {
      for (int i = 0; i < places.length; i++) {
        if (nodes.get(i).reports() == reports) {
          places[i] = place++;
        }
      }
    }
    return places;
  }

  /**
   * Looks for words of some rules.
   *
   * @param text a message or data as written
   * @param wanted the rules, bit n for the nth
   * @return the bit of the first of them that has words in the text, 0 if none has
   */
  long first(Excerpt text, long wanted) {
    byte[] bytes = text.bytes();
    int end = text.textEnd();
    long found = 0;
    long doubts = 0;
    int state = start;
    for (int i = text.textStart(); i <= end && wanted != 0; i++) {
      state = next[state + (i < end ? alphabet.symbol(bytes[i]) : alphabet.end())];
      if (state >= reporting) {
        int report = (state - reporting) / alphabet.size();
        doubts |= doubtful[report];
        long hit = Long.lowestOneBit(sure[report] & wanted);
        if (hit != 0) {
          found = hit;
          wanted &= hit - 1;
        }
      }
    }
    long confirmed = doubts == 0 ? 0 : confirmed(text, doubts, wanted);
    return confirmed == 0 ? found : confirmed;
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
