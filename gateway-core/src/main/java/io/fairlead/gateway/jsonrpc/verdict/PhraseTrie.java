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
    private int shorter;
    private long sure;
    private long doubtful;

    private Node(int symbols) {
      next = new int[symbols];
      Arrays.fill(next, NONE);
    }

    int next(int symbol) {
      return next[symbol];
    }

    /** The rules that have a phrase that ends here. */
    long sure() {
      return sure;
    }

    /** The patterns whose longest part ends here. */
    long doubtful() {
      return doubtful;
    }

    boolean reports() {
      return (sure | doubtful) != 0;
    }
  }

  PhraseTrie(int symbols) {
    this.symbols = symbols;
    nodes.add(new Node(symbols));
  }

  /** Adds a phrase that belongs to rules for sure, or to patterns that are to be confirmed. */
  void add(int[] phrase, long sure, long doubtful) {
    Node node = nodes.get(0);
    for (int symbol : phrase) {
      if (node.next[symbol] == NONE) {
        node.next[symbol] = nodes.size();
        nodes.add(new Node(symbols));
      }
      node = nodes.get(node.next[symbol]);
    }
    node.sure |= sure;
    node.doubtful |= doubtful;
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
    node.sure |= shorter.sure;
    node.doubtful |= shorter.doubtful;
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
