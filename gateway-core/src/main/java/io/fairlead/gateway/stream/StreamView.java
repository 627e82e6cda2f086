package io.fairlead.gateway.stream;

import io.fairlead.routing.Upstream;

/**
 * An upstream that is listened to, as operators see it.
 *
 * @param upstream which
 * @param isPush whether it pushes heads; else it is polled
 * @param headBlocks the newest block that it told of, -1 before the first
 */
public record StreamView(Upstream upstream, boolean isPush, long headBlocks) {}
