/**
 * The control side: one thread that turns evidence and operators' intents into routing tables, and
 * what it remembers.
 *
 * <p>Start at {@link io.fairlead.gateway.control.ControlLoop}, on whose thread everything that
 * decides runs. {@link io.fairlead.gateway.control.Steering} carries out what operators ask for,
 * from threads that may wait; {@link io.fairlead.gateway.control.OverrideStore} keeps it across
 * restarts; {@link io.fairlead.gateway.control.EventLog} holds why traffic moved.
 */
@NullMarked
package io.fairlead.gateway.control;

import org.jspecify.annotations.NullMarked;
