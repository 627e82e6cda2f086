package io.fairlead.gateway.freshness;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;
import io.fairlead.gateway.client.PinnedRead;
import io.fairlead.gateway.client.Write;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client's next read of the newest state is owed to, because nobody knows yet which block
 * the last one showed.
 *
 * <p><b>Idea.</b> A client whose transaction was just accepted reads {@code latest} where it was
 * accepted, and nobody learns from the answer which block that was. It was at most the block at
 * which that upstream is seen next. Until then the client's further reads of the newest state go
 * the same way; from then on that block is the client's floor.
 *
 * <p><b>Reads without a pause</b> would each leave its block unknown before the one before is
 * known, and so keep the client for ever where a failure has brought it once, however far that is.
 * So a read of an upstream that was seen at the agreed head while that is young is taken to have
 * shown that block: a chain does not make two blocks within three quarters of its usual time. A
 * write of the client's own in between may make one at once, on a development chain; then that is
 * not said.
 *
 * <p>Thread-safety: stateless apart from the board and the clients, which are safe.
 */
final class BlindReads {
  private static final double OUTDONE = 4;

  private final HeadBoard board;
  private final long holdNanos;

  BlindReads(HeadBoard board, long holdNanos) {
    this.board = board;
    this.holdNanos = holdNanos;
  }

  /** Where the client's last blind read was answered, while nobody knows its block. */
  @Nullable Upstream owedTo(Call call) {
    PinnedRead read = call.client().pinnedRead();
    return read == null ? null : stillOwed(call, read);
  }

  private @Nullable Upstream stillOwed(Call call, PinnedRead read) {
    Client client = call.client();
    Sighting sighting = board.sighting(read.upstream());
    long now = call.loop().nanoTime();
    boolean isBound = sighting.isHead() && sighting.sinceNanos() - read.atNanos() >= 0;
    if (isBound || isOfAgreedHead(client, read, sighting, now)) {
      client.raise(HeadTag.LATEST, sighting.number());
      client.settle(read);
      return null;
    }
    boolean isWorthIt = now - read.atNanos() < holdNanos && isUsable(call, read.upstream());
    if (!isWorthIt) {
      client.settle(read);
      return null;
    }
    board.want(sighting.number() + 1, now);
    return read.upstream();
  }

  /** Whether the agreed head is so young that the chain has not made the next block yet. */
  boolean isBlockYoung(long nowNanos) {
    return nowNanos - board.heads().sinceNanos() < board.leastBlockNanos() / 4 * 3;
  }

  private boolean isOfAgreedHead(Client client, PinnedRead read, Sighting sighting, long now) {
    Write write = client.newestWrite(now, holdNanos);
    return sighting.isHead()
        && sighting.number() == board.heads().latest()
        && isBlockYoung(read.atNanos())
        && (write == null || sighting.sinceNanos() - write.acceptedNanos() > 0);
  }

  /** Whether an upstream serves such calls and the client would not see the chain go back there. */
  boolean isUsable(Call call, Upstream upstream) {
    return share(call, upstream) > 0
        && board.seen(upstream) >= call.client().floor(HeadTag.LATEST)
        && !board.heads().isAstray(upstream);
  }

  /**
   * Whether the table sends several times as many calls like this one to somebody else who fits.
   */
  boolean isOutdone(Call call, Upstream upstream, Predicate<Upstream> fits) {
    double share = share(call, upstream);
    RoutingTable table = call.chain().table();
    for (int i = 0; i < table.size(); i++) {
      Upstream other = table.upstream(i);
      if (share(call, other) > OUTDONE * share && other.isOpen() && fits.test(other)) {
        return true;
      }
    }
    return false;
  }

  private static double share(Call call, Upstream upstream) {
    CallMessage message = call.message();
    return call.chain().table().share(upstream, message.methodClass(), message.isHeadSensitive());
  }
}
