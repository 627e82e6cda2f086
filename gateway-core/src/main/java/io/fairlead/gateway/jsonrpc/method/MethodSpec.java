package io.fairlead.gateway.jsonrpc.method;

import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.routing.MethodClass;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What the gateway knows of a method: its class, whether a call may be repeated, how it depends on
 * the head, and who may use it.
 *
 * <p>A spec stands for one method or, if its name ends in {@code *}, for all methods with that
 * beginning which have no spec of their own. Names of specs are few and fixed, so they serve as
 * metric labels; what a client writes never does.
 *
 * <p>Source: {@code evm-methods.txt}. Thread-safety: immutable.
 */
public final class MethodSpec {
  /** Who may call a method and who answers it. */
  public enum Access {
    /** Any client, answered by an upstream. */
    OPEN,
    /** Acts on a node's own keys, accounts, peers or clock: only where the chain allows it. */
    NODE_PRIVATE,
    /** Answered by the gateway; see {@link #local()}. */
    LOCAL,
    /** Needs a WebSocket. */
    SUBSCRIPTION
  }

  /** What the gateway answers by itself. */
  public enum Local {
    /** Nothing. */
    NONE,
    /** The chain id as a hexadecimal string. */
    CHAIN_ID,
    /** The chain id as a decimal string. */
    NET_VERSION,
    /** An empty array. */
    ACCOUNTS
  }

  /** What a method has to do with filters, which live on one node. */
  public enum Filter {
    /** Nothing. */
    NONE("-"),
    /** Its result names a new filter. */
    CREATES("creates-filter"),
    /** Its first parameter names a filter; only the upstream that created it can answer. */
    USES("uses-filter");

    private final String word;

    Filter(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** To whom a call goes. */
  public enum Dispatch {
    /** To one upstream, to others when it fails. */
    ANY,
    /** Like {@link #ANY}, but a null may mean that the upstream does not have it (yet). */
    NOT_NULL,
    /** To several upstreams at once; whoever accepts first answers. */
    BROADCAST,
    /** To several at once if it asks for the pending block; the highest answers. */
    MAX,
    /** Split by its range of blocks, the parts merged in order. */
    LOGS,
    /** To the upstream that has the filter; see {@link #filter()}. */
    FILTER
  }

  /** For how long an answer holds; null and errors never do. */
  public enum CacheRule {
    /** Not beyond the call. */
    NONE,
    /** Until the chain's next block. */
    HEAD,
    /**
     * For ever once the block that it is about is finalized, which the block parameter tells or the
     * result ({@link #shows()}); like {@link #HEAD} before.
     */
    FINAL,
    /** For ever: it depends on the parameters alone, as what is asked by a block's hash. */
    FOREVER
  }

  /** Where a result says of which block it is. */
  public enum Shows {
    /** It does not. */
    NOTHING,
    /** The result is the height, a quantity. */
    RESULT,
    /** In the member {@code number} of the result, an object. */
    NUMBER,
    /** In the member {@code blockNumber} of the result, an object; null while pending. */
    BLOCK_NUMBER
  }

  private static final int LONGEST_NAME = 128;

  private final int index;
  private final String name;
  private final byte[] bytes;
  private final ClassRule classRule;
  private final boolean repeatable;
  private final HeadRule headRule;
  private final Access access;
  private final Local local;
  private final Filter filter;
  private final Dispatch dispatch;
  private final CacheRule cacheRule;
  private final Shows shows;
  private final DataKind needs;
  private final boolean brief;

  MethodSpec(int index, MethodRow row) {
    this.index = index;
    name = row.name();
    bytes = row.nameBytes();
    classRule = row.classRule();
    repeatable = row.isRepeatable();
    headRule = row.headRule();
    access = row.access();
    local = row.local();
    filter = row.filter();
    dispatch = row.dispatch();
    cacheRule = row.cacheRule();
    shows = row.shows();
    needs = row.needs();
    brief = row.isBrief();
  }

  /**
   * Its place among all specs, for arrays.
   *
   * @return 0 to {@link MethodSpecs#size()} - 1
   */
  public int index() {
    return index;
  }

  /**
   * The method's name or the pattern that the spec stands for.
   *
   * @return a name that is safe as a metric label
   */
  public String name() {
    return name;
  }

  /**
   * Whether the spec stands for one method and no pattern.
   *
   * @return false if calls of the spec may be of different methods
   */
  public boolean isExact() {
    return !name.endsWith("*");
  }

  /**
   * The class of its calls, the heavier one if it depends on what a call asks.
   *
   * @return the class
   */
  public MethodClass methodClass() {
    return classRule.usual();
  }

  /**
   * The class in which a call's latency and shares are kept.
   *
   * @param body the body that was scanned
   * @param call the call's spans
   * @param headBlocks the chain's newest block, -1 while unknown
   * @return the class
   */
  public MethodClass methodClass(ByteBuf body, CallSpans call, long headBlocks) {
    return classRule.of(body, call, headBlocks);
  }

  /**
   * Whether sending the call twice does no more than sending it once, so that it may be retried and
   * hedged after it was sent. {@code eth_sendRawTransaction} is: a transaction is known by its
   * hash.
   *
   * @return false if a call may only be retried while no node can have seen it
   */
  public boolean isRepeatable() {
    return repeatable;
  }

  /**
   * Who may call it.
   *
   * @return the access
   */
  public Access access() {
    return access;
  }

  /**
   * What the gateway answers by itself.
   *
   * @return {@link Local#NONE} unless the access is {@link Access#LOCAL}
   */
  public Local local() {
    return local;
  }

  /**
   * What it has to do with filters.
   *
   * @return the relation
   */
  public Filter filter() {
    return filter;
  }

  /**
   * Whether a null result may merely mean that this upstream does not have the block or transaction
   * yet, or any more.
   *
   * @return true if another upstream is worth asking
   */
  public boolean isNullSuspect() {
    return dispatch == Dispatch.NOT_NULL;
  }

  /**
   * To whom its calls go.
   *
   * @return how they are dispatched
   */
  public Dispatch dispatch() {
    return dispatch;
  }

  /**
   * For how long its answers hold.
   *
   * @return {@link CacheRule#NONE} for a method that is not known
   */
  public CacheRule cacheRule() {
    return cacheRule;
  }

  /**
   * Where its results say of which block they are.
   *
   * @return {@link Shows#NOTHING} if only the call tells, or nobody
   */
  public Shows shows() {
    return shows;
  }

  /**
   * What an upstream must hold of the block that is asked about.
   *
   * @return {@link DataKind#NOTHING} if the upstream's pool, settings or head are enough
   */
  public DataKind needs() {
    return needs;
  }

  /**
   * Whether a call is a cheap look-up with a short answer, some KiB at the most as a rule, and may
   * be repeated: such calls can share a connection, for none keeps the others waiting.
   *
   * @return false if nobody knows
   */
  public boolean isBrief() {
    return brief;
  }

  /**
   * Which parameter names the block: a number, a tag, a hash or an object that says one of them.
   *
   * @return its position, which is also how many parameters precede it, or -1 if none does
   */
  public int blockPosition() {
    return headRule.blockPosition();
  }

  /**
   * Whether the block parameter may be left out and means latest then. A call that has exactly
   * {@link #blockPosition()} parameters has left it out.
   *
   * @return false too if there is none
   */
  public boolean isBlockOptional() {
    return headRule.isBlockOptional();
  }

  /**
   * Which parameter is a log filter, an object with {@code fromBlock} and {@code toBlock} or {@code
   * blockHash}.
   *
   * @return its position, or -1 if none is
   */
  public int logFilterPosition() {
    return headRule.logFilterPosition();
  }

  /**
   * Whether the call needs an upstream at the chain's head.
   *
   * @param body the body that was scanned
   * @param call the call's spans
   * @return false if any upstream that holds the data may answer
   */
  public boolean isHeadSensitive(ByteBuf body, CallSpans call) {
    return headRule.isHeadSensitive(body, call);
  }

  /**
   * The block that the call asks about.
   *
   * @param body the body that was scanned
   * @param call the call's spans
   * @return a height, or {@link HeadRule#NEWEST}, {@link HeadRule#BEHIND_HEAD} or {@link
   *     HeadRule#NONE}
   */
  public long block(ByteBuf body, CallSpans call) {
    return headRule.block(body, call);
  }

  /**
   * The oldest block that the call asks about: where a range begins, else {@link #block}.
   *
   * @param body the body that was scanned
   * @param call the call's spans
   * @return a height, or {@link HeadRule#NEWEST}, {@link HeadRule#BEHIND_HEAD} or {@link
   *     HeadRule#NONE}
   */
  public long oldestBlock(ByteBuf body, CallSpans call) {
    return headRule.oldestBlock(body, call);
  }

  /**
   * The name of a call's method.
   *
   * @param body the body that was scanned
   * @param call the call's spans
   * @return its own name, at most {@value #LONGEST_NAME} characters of it; allocates only if the
   *     spec is a pattern
   */
  public String methodName(ByteBuf body, CallSpans call) {
    if (isExact()) {
      return name;
    }
    byte[] own = MethodName.unescape(body, call.methodStart(), call.methodLength());
    return new String(own, 0, Math.min(own.length, LONGEST_NAME), StandardCharsets.UTF_8);
  }

  /** The name's bytes, without the star of a pattern. */
  byte[] bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return name;
  }
}
