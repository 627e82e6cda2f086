package io.fairlead.gateway.demo.view;

/** Shows the demo; told frame by frame, about four times a second, then the end. */
public interface DemoView {
  /**
   * The figures of an instant.
   *
   * @param frame the figures
   */
  void onFrame(Frame frame);

  /** No more frames come; what was changed about the terminal is put back. */
  void onEnd();
}
