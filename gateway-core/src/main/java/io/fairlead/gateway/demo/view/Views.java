package io.fairlead.gateway.demo.view;

import java.util.List;

/**
 * Several views as one.
 *
 * @param views each is told everything
 */
public record Views(List<DemoView> views) implements DemoView {
  /** Copies the list. */
  public Views {
    views = List.copyOf(views);
  }

  @Override
  public void onFrame(Frame frame) {
    views.forEach(view -> view.onFrame(frame));
  }

  @Override
  public void onEnd() {
    views.forEach(DemoView::onEnd);
  }
}
