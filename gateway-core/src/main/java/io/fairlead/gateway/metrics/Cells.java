package io.fairlead.gateway.metrics;

import io.fairlead.routing.MethodClass;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A metric's children by method class and the ordinal of an enumeration, so that counting looks up
 * no label.
 *
 * <p>A child is made when it is first needed. Two loops may do so at once; both get the same child
 * from the family, and children are safe to publish without more ado, since all their fields are
 * final.
 *
 * @param <C> what is counted with
 */
final class Cells<C> {
  /** Makes or finds a child in its family. */
  @FunctionalInterface
  interface Source<C> {
    C child(String methodClass, String label);
  }

  private final Source<C> source;
  private final IntFunction<String> labels;
  private final int width;
  private final @Nullable Object[] children;

  /**
   * Cells for each method class and each of some labels.
   *
   * @param width how many labels there are
   * @param labels the label at an index
   * @param source of children
   */
  Cells(int width, IntFunction<String> labels, Source<C> source) {
    this.source = source;
    this.labels = labels;
    this.width = width;
    this.children = new Object[MethodClass.ALL.size() * width];
  }

  C at(MethodClass methodClass, int index) {
    int cell = methodClass.index() * width + index;
    @SuppressWarnings("unchecked")
    C child = (C) children[cell];
    return child != null ? child : make(methodClass, index, cell);
  }

  /** Makes all children, so that they are exported as 0 before anything happens. */
  void makeAll() {
    for (MethodClass methodClass : MethodClass.ALL) {
      for (int index = 0; index < width; index++) {
        at(methodClass, index);
      }
    }
  }

  private C make(MethodClass methodClass, int index, int cell) {
    C child = source.child(methodClass.label(), labels.apply(index));
    children[cell] = child;
    return child;
  }
}
