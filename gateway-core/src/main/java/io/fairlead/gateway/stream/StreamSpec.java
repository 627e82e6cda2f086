package io.fairlead.gateway.stream;

import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.routing.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * An upstream that may be listened to.
 *
 * @param upstream as routing knows it; not one for private transactions alone
 * @param ws where its WebSocket is, null if it has none
 * @param isCommunity whether it is somebody's own machine, listened to rather when nobody else is
 */
public record StreamSpec(Upstream upstream, @Nullable UpstreamAddress ws, boolean isCommunity) {}
