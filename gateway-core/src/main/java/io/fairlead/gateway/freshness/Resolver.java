package io.fairlead.gateway.freshness;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;
import io.fairlead.gateway.client.Write;
import io.fairlead.gateway.freshness.Terms.How;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpec.Shows;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which block a call is about for this client, and puts its number in place of a tag.
 *
 * <p>Thread-safety: stateless apart from the board and the clients, which are safe.
 */
final class Resolver {
  private static final int QUOTED_HASH = 68;

  private final HeadBoard board;
  private final BlindReads blindReads;
  private final long holdNanos;

  Resolver(HeadBoard board, BlindReads blindReads, long holdNanos) {
    this.board = board;
    this.blindReads = blindReads;
    this.holdNanos = holdNanos;
  }

  /** A call whose answer shows the block that a tag names. */
  Resolution ofHead(Call call, MethodSpec spec, HeadTag tag) {
    Client client = call.client();
    Terms.Rule rule = new Terms.Rule(spec, code(tag), How.SHOWS_HEAD);
    boolean isNewest = tag == HeadTag.LATEST;
    Write pin = isNewest ? newestWrite(call) : null;
    return Resolution.asItIs(new Terms(client, tag, client.floor(tag), rule, pin, isNewest));
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
    Write pin = hash != null && isLookUp ? usable(call, write(call, hash)) : null;
    long needed =
        hash == null || isLookUp
            ? call.client().floor(HeadTag.LATEST)
            : board.heads().numberOf(hash);
    boolean isShown = spec.shows() != Shows.NOTHING;
    long asked = hash == null ? BlockParameter.LATEST : BlockParameter.HASH;
    Terms.Rule rule = new Terms.Rule(spec, asked, isShown ? How.SHOWS_BLOCK : How.PROVES_NOTHING);
    boolean owes = pin == null;
    return Resolution.asItIs(new Terms(call.client(), HeadTag.LATEST, needed, rule, pin, owes));
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
      Write pin = newestWrite(call);
      long floor = client.floor(HeadTag.LATEST);
      return Resolution.asItIs(new Terms(client, HeadTag.LATEST, floor, rule, pin, true));
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
    return Resolution.asItIs(Terms.ofBlock(client, needed, rule));
  }

  private Resolution ofLatest(Call call, CallMessage message) {
    Client client = call.client();
    Write pin = newestWrite(call);
    boolean owes = blindReads.owedTo(call) != null;
    if (pin != null || owes || board.heads().latest() < 0) {
      Terms.Rule rule = new Terms.Rule(message.spec(), BlockParameter.LATEST, How.PROVES_NOTHING);
      long floor = client.floor(HeadTag.LATEST);
      return Resolution.blind(new Terms(client, HeadTag.LATEST, floor, rule, pin, true));
    }
    return resolved(call, message, HeadTag.LATEST, newest(client));
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
    Terms terms = Terms.ofBlock(call.client(), number, new Terms.Rule(spec, number, how));
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
    if (range.to() == BlockParameter.LATEST && blindReads.owedTo(call) != null) {
      Terms.Rule blind = new Terms.Rule(spec, BlockParameter.LATEST, How.PROVES_NOTHING);
      long floor = client.floor(HeadTag.LATEST);
      return Resolution.blind(new Terms(client, HeadTag.LATEST, floor, blind, null, true));
    }
    long newest = newest(client);
    long to = height(range.to(), client);
    long from = height(range.from(), client);
    long needed = to >= 0 ? Math.min(to, newest) : newest;
    Terms.Rule rule = new Terms.Rule(spec, to, How.PROVES_NOTHING);
    Terms terms = Terms.ofBlock(client, needed, rule);
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
    return Resolution.asItIs(Terms.ofBlock(client, needed, rule));
  }

  private long height(long bound, Client client) {
    HeadTag tag = tag(bound);
    if (tag == null) {
      return bound;
    }
    long number = Math.max(client.floor(tag), agreed(tag));
    return number < 0 ? bound : number;
  }

  /** The client's last write while its reads should go where it is known, if they can. */
  private @Nullable Write newestWrite(Call call) {
    Client client = call.client();
    return client.hasWrites()
        ? usable(call, client.newestWrite(call.loop().nanoTime(), holdNanos))
        : null;
  }

  private @Nullable Write write(Call call, String hash) {
    Client client = call.client();
    return client.hasWrites() ? client.write(hash, call.loop().nanoTime(), holdNanos) : null;
  }

  /** The write, if an upstream that knows it can be asked. */
  private @Nullable Write usable(Call call, @Nullable Write write) {
    if (write == null) {
      return null;
    }
    for (Upstream upstream : write.upstreams()) {
      if (blindReads.isUsable(call, upstream)) {
        return write;
      }
    }
    return null;
  }
}
