/**
 * Scenario files: what {@code fairlead drill} plays, read strictly from YAML.
 *
 * <p>Start at {@link io.fairlead.gateway.drill.file.DrillLoader}. A file becomes drafts with their
 * places in the file; what one key cannot know (which upstreams a target means, whether two faults
 * contradict each other) is settled over the whole file, so that all that is wrong is found in one
 * go. Called by the main thread.
 */
@NullMarked
package io.fairlead.gateway.drill.file;

import org.jspecify.annotations.NullMarked;
