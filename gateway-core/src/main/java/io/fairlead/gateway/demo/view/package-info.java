/**
 * What the demo shows: frames of figures, and how they become lines on a terminal, lines in a log
 * or rows of a CSV file.
 *
 * <p>Start at {@link io.fairlead.gateway.demo.view.DemoView}. Everything runs on the thread that
 * called the demo; rendering is a pure function of a frame.
 */
@NullMarked
package io.fairlead.gateway.demo.view;

import org.jspecify.annotations.NullMarked;
