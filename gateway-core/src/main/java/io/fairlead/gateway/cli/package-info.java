/**
 * The command line: the root command, {@code check}, and what all commands share.
 *
 * <p>Start at {@link io.fairlead.gateway.cli.FairleadCommand}. A command is a class with picocli's
 * annotations; it writes through the command line's writers, throws {@link
 * io.fairlead.gateway.cli.CommandFailure} when it fails, and never ends the process: {@link
 * io.fairlead.gateway.cli.Main} alone does. Called by the main thread.
 */
@NullMarked
package io.fairlead.gateway.cli;

import org.jspecify.annotations.NullMarked;
