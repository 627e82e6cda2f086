package io.fairlead.gateway.jsonrpc.verdict;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * Phrases grown into a tree, a node for each beginning of one, and then closed into an automaton:
 * from every node every symbol leads to the longest beginning that the text now ends with (Aho and
 * Corasick's failure links, followed beforehand).
 *
 * <p>Used while a {@link PhraseAutomaton} is made. Thread-safety: none.
 */
final class PhraseTrie {
  private static final int NONE = -1;

  private final int symbols;
  private final List<Node> nodes = new ArrayList<>();

  /** A beginning of phrases: where each symbol leads, and which phrases end here. */
  static final class Node {
    private final int[] next;
    private final int depth;
    private int shorter;
    private long reports;

    private Node(int symbols, int depth) {
      next = new int[symbols];
      this.depth = depth;
      Arrays.fill(next, NONE);
    }

    int next(int symbol) {
      return next[symbol];
    }

    /** How many symbols the beginning has. */
    int depth() {
      return depth;
    }

    /** The bits of the phrases that end here. */
    long reports() {
      return reports;
    }
  }

  PhraseTrie(int symbols) {
    this.symbols = symbols;
    nodes.add(new Node(symbols, 0));
  }

  /** Adds a phrase with the bits that its end is to report. */
  void add(int[] phrase, long reports) {
    Node node = nodes.get(0);
    for (int symbol : phrase) {
      if (node.next[symbol] == NONE) {
        node.next[symbol] = nodes.size();
        nodes.add(new Node(symbols, node.depth + 1));
      }
      node = nodes.get(node.next[symbol]);
    }
    node.reports |= reports;
  }

  /** The nodes, the root first, when nothing more is added: no symbol leads nowhere any more. */
  List<Node> close() {
    Queue<Node> open = new ArrayDeque<>();
    Node root = nodes.get(0);
    for (int symbol = 0; symbol < symbols; symbol++) {
      if (root.next[symbol] == NONE) {
        root.next[symbol] = 0;
      } else {
        open.add(nodes.get(root.next[symbol]));
      }
    }
    for (Node node = open.poll(); node != null; node = open.poll()) {
      close(node, nodes.get(node.shorter), open);
    }
    return List.copyOf(nodes);
  }

  private void close(Node node, Node shorter, Queue<Node> open) {
    node.reports |= shorter.reports;
    for (int symbol = 0; symbol < symbols; symbol++) {
      int child = node.next[symbol];
      if (child == NONE) {
        node.next[symbol] = shorter.next[symbol];
      } else {
        nodes.get(child).shorter = shorter.next[symbol];
        open.add(nodes.get(child));
      }
    }
  }
}
