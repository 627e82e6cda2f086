package io.fairlead.gateway.freshness;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;
import io.fairlead.gateway.client.PinnedRead;
import io.fairlead.gateway.client.Write;
import io.fairlead.gateway.freshness.Terms.How;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpec.Shows;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which block a call is about for this client, and puts its number in place of a tag.
 *
 * <p><b>Blind reads.</b> A client whose transaction was just accepted reads {@code latest} where it
 * was accepted, and nobody learns from the answer which block that was. It was at most the block at
 * which that upstream is seen next. Until then the client's further reads of the newest state go
 * the same way; from then on that block is the client's floor.
 *
 * <p>Thread-safety: stateless apart from the board and the clients, which are safe.
 */
final class Resolver {
  private static final int QUOTED_HASH = 68;

  private final HeadBoard board;
  private final long holdNanos;

  Resolver(HeadBoard board, long holdNanos) {
    this.board = board;
    this.holdNanos = holdNanos;
  }

  /** A call whose answer shows the block that a tag names. */
  Resolution ofHead(Call call, MethodSpec spec, HeadTag tag) {
    Client client = call.client();
    Terms.Rule rule = new Terms.Rule(spec, code(tag), How.SHOWS_HEAD);
    Write pin = tag == HeadTag.LATEST ? blindPin(call) : null;
    return Resolution.asItIs(new Terms(client, tag, client.floor(tag), rule, pin));
  }

  private static long code(HeadTag tag) {
    return switch (tag) {
      case LATEST -> BlockParameter.LATEST;
      case SAFE -> BlockParameter.SAFE;
      case FINALIZED -> BlockParameter.FINALIZED;
    };
  }

  /** A call that names no block by height: by a hash, or it is about the newest without saying. */
  Resolution ofHash(Call call, CallMessage message) {
    MethodSpec spec = message.spec();
    String hash = hash(message);
    boolean isLookUp = spec.shows() == Shows.BLOCK_NUMBER;
    Write known = hash != null && isLookUp ? usablePin(call, write(call, hash)) : null;
    Write pin = known != null ? known : blindDebt(call);
    long needed =
        hash == null || isLookUp
            ? call.client().floor(HeadTag.LATEST)
            : board.heads().numberOf(hash);
    boolean isShown = spec.shows() != Shows.NOTHING;
    long asked = hash == null ? BlockParameter.LATEST : BlockParameter.HASH;
    Terms.Rule rule = new Terms.Rule(spec, asked, isShown ? How.SHOWS_BLOCK : How.PROVES_NOTHING);
    return Resolution.asItIs(new Terms(call.client(), HeadTag.LATEST, needed, rule, pin));
  }

  /** The first parameter if it is a hash. */
  static @Nullable String hash(CallMessage message) {
    CallSpans spans = message.spans();
    int start = spans.parameterStart(0);
    if (start < 0 || spans.parameterLength(0) != QUOTED_HASH) {
      return null;
    }
    ByteBuf body = message.body();
    return body.getByte(start) == '"'
        ? body.toString(start + 1, QUOTED_HASH - 2, StandardCharsets.US_ASCII)
            .toLowerCase(Locale.ROOT)
        : null;
  }

  /** A call with a block parameter; null if the freshness of its answer is nobody's concern. */
  @Nullable Resolution ofBlock(Call call, CallMessage message) {
    MethodSpec spec = message.spec();
    long asked = BlockParameter.read(message.body(), message.spans(), spec);
    if (asked >= 0) {
      return ofNumber(call, spec, asked);
    }
    if (asked == BlockParameter.PENDING) {
      Client client = call.client();
      Terms.Rule rule = new Terms.Rule(spec, asked, How.PROVES_NOTHING);
      Write pin = blindPin(call);
      long floor = client.floor(HeadTag.LATEST);
      return Resolution.asItIs(new Terms(client, HeadTag.LATEST, floor, rule, pin));
    }
    HeadTag tag = tag(asked);
    if (tag == null) {
      return null;
    }
    if (spec.shows() == Shows.NUMBER) {
      return ofHead(call, spec, tag);
    }
    return tag == HeadTag.LATEST ? ofLatest(call, message) : ofTag(call, message, tag);
  }

  private static @Nullable HeadTag tag(long asked) {
    if (asked == BlockParameter.LATEST) {
      return HeadTag.LATEST;
    }
    if (asked == BlockParameter.SAFE) {
      return HeadTag.SAFE;
    }
    return asked == BlockParameter.FINALIZED ? HeadTag.FINALIZED : null;
  }

  private Resolution ofNumber(Call call, MethodSpec spec, long number) {
    Client client = call.client();
    long needed = Math.min(number, newest(client));
    boolean isShown = spec.shows() != Shows.NOTHING;
    Terms.Rule rule = new Terms.Rule(spec, number, isShown ? How.SHOWS_BLOCK : How.PROVES_BLOCK);
    return Resolution.asItIs(new Terms(client, HeadTag.LATEST, needed, rule, null));
  }

  private Resolution ofLatest(Call call, CallMessage message) {
    Client client = call.client();
    Write pin = blindPin(call);
    long newest = newest(client);
    if (pin != null || board.heads().latest() < 0) {
      Terms.Rule rule = new Terms.Rule(message.spec(), BlockParameter.LATEST, How.PROVES_NOTHING);
      long floor = client.floor(HeadTag.LATEST);
      return Resolution.blind(new Terms(client, HeadTag.LATEST, floor, rule, pin));
    }
    return resolved(call, message, HeadTag.LATEST, newest);
  }

  private @Nullable Resolution ofTag(Call call, CallMessage message, HeadTag tag) {
    long number = Math.max(call.client().floor(tag), agreed(tag));
    return number < 0 ? null : resolved(call, message, tag, number);
  }

  private Resolution resolved(Call call, CallMessage message, HeadTag tag, long number) {
    MethodSpec spec = message.spec();
    CallMessage changed =
        message.withParameter(call.loop().alloc(), spec.blockPosition(), LogRange.quantity(number));
    How how = spec.shows() == Shows.NOTHING ? How.PROVES_BLOCK : How.SHOWS_BLOCK;
    Terms terms =
        new Terms(call.client(), HeadTag.LATEST, number, new Terms.Rule(spec, number, how), null);
    return new Resolution(terms, changed, tag, number, false);
  }

  private long agreed(HeadTag tag) {
    ChainHeads heads = board.heads();
    return switch (tag) {
      case LATEST -> heads.latest();
      case SAFE -> heads.safe();
      case FINALIZED -> heads.finalized();
    };
  }

  private long newest(Client client) {
    return Math.max(client.floor(HeadTag.LATEST), board.heads().latest());
  }

  /** A call with a log filter; null if it cannot be understood. */
  @Nullable Resolution ofLogs(Call call, CallMessage message) {
    MethodSpec spec = message.spec();
    int position = spec.logFilterPosition();
    int start = message.spans().parameterStart(position);
    LogRange range =
        new LogRange(message.body(), start, start + message.spans().parameterLength(position));
    if (board.heads().latest() < 0) {
      return null;
    }
    if (!range.isPlain()) {
      String hash = range.blockHash();
      return hash == null ? null : ofLogsByHash(call, spec, hash);
    }
    Client client = call.client();
    Write debt = range.to() == BlockParameter.LATEST ? blindDebt(call) : null;
    if (debt != null) {
      Terms.Rule blind = new Terms.Rule(spec, BlockParameter.LATEST, How.PROVES_NOTHING);
      long floor = client.floor(HeadTag.LATEST);
      return Resolution.blind(new Terms(client, HeadTag.LATEST, floor, blind, debt));
    }
    long newest = newest(client);
    long to = height(range.to(), client);
    long from = height(range.from(), client);
    long needed = to >= 0 ? Math.min(to, newest) : newest;
    Terms.Rule rule = new Terms.Rule(spec, to, How.PROVES_NOTHING);
    Terms terms = new Terms(client, HeadTag.LATEST, needed, rule, null);
    boolean isChanged = to != range.to() || from != range.from();
    if (!isChanged || from > to || to < 0 || from < 0) {
      return Resolution.asItIs(terms);
    }
    CallMessage changed =
        message.withParameter(
            call.loop().alloc(), position, range.with(bound -> height(bound, client)));
    boolean isNewest = range.to() == BlockParameter.LATEST;
    return new Resolution(terms, changed, HeadTag.LATEST, isNewest ? newest : -1, false);
  }

  /**
   * Logs of a block by its hash. Some nodes answer an empty array where they do not have the block,
   * so that nobody is asked who is not known to have it. A block that is not among the last ones of
   * the chain is either older than they are or so new that nobody knows it but this client.
   */
  private @Nullable Resolution ofLogsByHash(Call call, MethodSpec spec, String hash) {
    Client client = call.client();
    ChainHeads heads = board.heads();
    long floor = client.floor(HeadTag.LATEST);
    boolean isOld = heads.latestHash() != null && floor <= heads.latest();
    long known = heads.numberOf(hash);
    if (known < 0 && isOld) {
      return null;
    }
    Terms.Rule rule = new Terms.Rule(spec, BlockParameter.HASH, How.PROVES_NOTHING);
    long needed = known < 0 ? floor : known;
    return Resolution.asItIs(new Terms(client, HeadTag.LATEST, needed, rule, null));
  }

  private long height(long bound, Client client) {
    HeadTag tag = tag(bound);
    if (tag == null) {
      return bound;
    }
    long number = Math.max(client.floor(tag), agreed(tag));
    return number < 0 ? bound : number;
  }

  private @Nullable Write newestWrite(Call call) {
    Client client = call.client();
    return client.hasWrites() ? client.newestWrite(call.loop().nanoTime(), holdNanos) : null;
  }

  private @Nullable Write write(Call call, String hash) {
    Client client = call.client();
    return client.hasWrites() ? client.write(hash, call.loop().nanoTime(), holdNanos) : null;
  }

  /** The write, if an upstream that knows it can be asked. */
  private @Nullable Write usablePin(Call call, @Nullable Write write) {
    if (write == null) {
      return null;
    }
    long floor = call.client().floor(HeadTag.LATEST);
    for (Upstream upstream : write.upstreams()) {
      if (isUsable(call, upstream, floor)) {
        return write;
      }
    }
    return null;
  }

  private boolean isUsable(Call call, Upstream upstream, long floor) {
    CallMessage message = call.message();
    return call.chain().table().share(upstream, message.methodClass(), message.isHeadSensitive())
            > 0
        && board.seen(upstream) >= floor
        && !board.heads().isAstray(upstream);
  }

  /** Where a read of the newest state must go without being resolved; null for nowhere. */
  private @Nullable Write blindPin(Call call) {
    Write write = usablePin(call, newestWrite(call));
    Write debt = blindDebt(call);
    return debt != null ? debt : write;
  }

  /** Where the client's last blind read was answered, while nobody knows its block. */
  private @Nullable Write blindDebt(Call call) {
    PinnedRead read = call.client().pinnedRead();
    return read == null ? null : stillBlind(call, read);
  }

  private @Nullable Write stillBlind(Call call, PinnedRead read) {
    Client client = call.client();
    Sighting sighting = board.sighting(read.upstream());
    long now = call.loop().nanoTime();
    if (sighting.isHead() && sighting.sinceNanos() - read.atNanos() >= 0) {
      client.raise(HeadTag.LATEST, sighting.number());
      client.settle(read);
      return null;
    }
    boolean isWorthIt =
        now - read.atNanos() < holdNanos
            && isUsable(call, read.upstream(), client.floor(HeadTag.LATEST));
    if (!isWorthIt) {
      client.settle(read);
      return null;
    }
    board.want(sighting.number() + 1, now);
    return new Write("", List.of(read.upstream()), read.atNanos());
  }
}
