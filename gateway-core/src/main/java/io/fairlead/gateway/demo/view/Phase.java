package io.fairlead.gateway.demo.view;

/** The three acts of the demo. */
public enum Phase {
  /** All clouds are well. */
  BEFORE(0, "before"),
  /** One cloud is a black hole. */
  DURING(1, "during"),
  /** The cloud has healed. */
  AFTER(2, "after");

  private final int index;
  private final String label;

  Phase(int index, String label) {
    this.index = index;
    this.label = label;
  }

  /**
   * Its place in lists of figures by act.
   *
   * @return 0 to 2
   */
  public int index() {
    return index;
  }

  /**
   * Its name in tables.
   *
   * @return a word
   */
  public String label() {
    return label;
  }
}
