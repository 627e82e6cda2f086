/**
 * The life of a call between the client's bytes and the answer's: classify, pick, attempt, watch,
 * repeat elsewhere, deliver.
 *
 * <p>Start at {@link io.fairlead.gateway.call.Call}. A call lives on one event loop; everything
 * that it touches there hangs on the loop's {@link io.fairlead.gateway.call.LoopContext}. Nothing
 * here knows how a client's request was framed: answers go to a {@link
 * io.fairlead.gateway.call.CallSink}.
 */
@NullMarked
package io.fairlead.gateway.call;

import org.jspecify.annotations.NullMarked;
