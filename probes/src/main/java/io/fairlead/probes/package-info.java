/**
 * Active measurement of upstreams: is it the configured chain, is it in sync, where is its head.
 *
 * <p>Start at {@link io.fairlead.probes.ChainProber}: one object per chain decides what to ask whom
 * and when, learns from the answers and from organic traffic, and tells a {@link
 * io.fairlead.probes.ProbeListener}. It does no I/O; questions leave through a {@link
 * io.fairlead.probes.ProbePort}. Everything here runs on the control thread, the callbacks too, and
 * takes time and randomness from outside, so that a day of probing is a second of testing.
 */
@NullMarked
package io.fairlead.probes;

import org.jspecify.annotations.NullMarked;
