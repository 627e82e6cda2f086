/**
 * A strict reader of YAML by declared keys: one declaration gives the reading, the messages, the
 * JSON Schema and the reference in the documentation.
 *
 * <p>Start at {@link io.fairlead.gateway.config.yaml.Section}. A file becomes {@link
 * io.fairlead.gateway.config.yaml.YamlNode}s with positions, and {@link
 * io.fairlead.gateway.config.yaml.ValueType}s turn those into values. Whatever is wrong becomes a
 * finding with its position, and reading goes on, so that all of it is found in one go. Called by
 * the thread that loads a configuration.
 */
@NullMarked
package io.fairlead.gateway.config.yaml;

import org.jspecify.annotations.NullMarked;
