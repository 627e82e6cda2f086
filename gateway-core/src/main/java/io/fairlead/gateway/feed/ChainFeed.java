package io.fairlead.gateway.feed;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one gapless, ordered story of a chain's blocks and logs of what several upstreams say of
 * its head.
 *
 * <p><b>Idea.</b> Whoever says a head names its parent. So blocks, whoever said them first, form a
 * tree by their hashes, and a story without gap is a way through that tree: it goes on only with
 * blocks whose parents it has told, and undoes only what it has told last. What comes twice, late,
 * out of order or from a node that lags adds nothing to the tree and changes nothing. An upstream
 * that dies costs nothing as long as another says the same blocks; what none of the others said is
 * fetched, as its hash stands in the child that somebody did say.
 *
 * <p><b>A round.</b> At each event (a head, an answer, a moment that has passed) one round runs:
 *
 * <ol>
 *   <li>From each source's last head the way down to the story is looked for ({@link Path}). The
 *       first hash on it that is not known is the gap.
 *   <li>Of the ways that lead, {@link ForkChoice} picks the one to follow, highest first: told
 *       blocks above the joint are taken back, newest first, each with the logs that were told of
 *       it; then the way's blocks are told, oldest first.
 *   <li>For the ways that do not lead, {@link Gaps} asks. A head that links is never kept back by
 *       one that does not.
 *   <li>{@link LogDesk} asks for the logs of the blocks in the story, once a block for all who
 *       wait, and tells them block by block. Heads do not wait for logs.
 * </ol>
 *
 * <p><b>Whom it believes.</b> A trusted source's head is believed if its way leads into the story;
 * a community source's only if a source that shares no failure domain with it says the block, too,
 * or one that follows it. One source alone does not undo what two that are apart stand by (see
 * {@link ForkChoice}). Of a block that a trusted source said, that one's words are shown, as hashes
 * can be repeated by one who lies about the rest. A head more than {@link FeedSettings#gapBlocks}
 * above the story is not followed; one that leads nowhere costs one request at a time with growing
 * waits. A story begins behind a head that two sources agree on or that the upstreams know by its
 * hash ({@link Anchor}).
 *
 * <p><b>When it is told.</b> While nobody waits the feed rests: it hears the sources' heads, which
 * cost nothing more, and neither fetches nor tells. {@link #goLive} begins a story when the first
 * client waits, {@link #rest} ends it with the last, without a word, as there is nobody to be told.
 * A story that goes live again is another one: what happened between is not made up for. Who is a
 * community source may change at any time ({@link #setCommunity}); a source that is being heard
 * keeps the standing with which it came until it is gone.
 *
 * <p><b>Loss.</b> When no source that is believed leads to the story any more, because the gap is
 * beyond the bound, because the chain forks or starts over below what is remembered, or because
 * twelve requests in a row for each of them brought nothing (at the soonest after 25 s), the story
 * is lost: that is told, and another begins behind the present head. So it is when a block leaves
 * whose logs are not remembered, or becomes too old to be remembered before its logs could be had.
 * Nothing is ever skipped silently.
 *
 * <p><b>Bounds.</b> Remembered are {@link FeedSettings#windowBlocks} headers of the story, twice
 * {@link FeedSettings#gapBlocks} fetched ones, 64 said ones a source, and the logs of told blocks
 * up to {@link FeedSettings#keptLogBytes}; at 2 KiB a header 7 MiB a chain at most and, without
 * gaps, half of that. Logs of at most 8 blocks are waited for or kept back at once. Under way are
 * at most one request by hash a source, 8 by number, and 8 for logs.
 *
 * <p><b>Cost.</b> A block that four sources say one after the other costs 9 &#181;s of CPU in all,
 * a gap of 1,024 blocks that four sources are beyond 1,023 requests and 8 ms, spread over the
 * answers: an open way grows at its foot and is not walked again. A block costs one query for logs,
 * none if its bloom rules them out ({@link BloomSkip}).
 *
 * <p><b>What nodes do, and where this differs.</b> Subscribers of a node hear the node's own
 * changes of mind; here they hear one chain's, whichever node it was learnt from, so that the fork
 * that one node was on alone is mostly never told. Go-ethereum tells removed logs in one list,
 * oldest block first, before the logs of the other branch, and calls that order broken itself, kept
 * for those who are used to it; when the consensus client moves it to another branch it tells
 * {@code newHeads} of that branch's last block only. Here blocks are taken back in the order in
 * which an undo must go, newest first, and every block of the other branch is told, so that headers
 * always link. Proof-of-work's choice by total difficulty is not made: heights are what all chains
 * have.
 *
 * <p>Sources: go-ethereum, {@code core/blockchain.go} ({@code reorg}, {@code SetCanonical}) and
 * {@code eth/filters}, as of 2025; the Ethereum execution API's {@code eth_getLogs} by {@code
 * blockHash} (EIP-234), which alone ties logs to a branch.
 *
 * <p>Thread-safety: confined to the chain's home loop; listeners and the source of blocks may call
 * back at once.
 */
public final class ChainFeed implements HeadInlet {
  private static final int GIVEN_UP = 12;

  private final FeedListener listener;
  private final Scheduler clock;
  private final Seats seats;
  private final Story story;
  private final BlockPool pool;
  private final BlockPace pace;
  private final ForkChoice choice;
  private final Gaps gaps;
  private final Anchor anchor;
  private final LogDesk desk;
  private LogInterest interest = LogInterest.NONE;
  private boolean wantsLive;
  private boolean isLive;
  private boolean tellsFirst;
  private boolean isWorking;
  private boolean isChanged;
  private Scheduler.@Nullable Cancellable wake;

  /**
   * A story that nobody listens to yet.
   *
   * @param listener hears it
   * @param source gives what the sources of heads leave out
   * @param clock of the home loop
   * @param settings its bounds
   */
  public ChainFeed(
      FeedListener listener, BlockSource source, Scheduler clock, FeedSettings settings) {
    this.listener = listener;
    this.clock = clock;
    seats = new Seats(settings);
    story = new Story(settings.windowBlocks());
    pool = new BlockPool(2 * settings.gapBlocks());
    pace = new BlockPace(settings.usualBlockTime().toNanos());
    choice = new ForkChoice(seats, pace);
    gaps = new Gaps(source, clock, seats, pool, this::work);
    anchor = new Anchor(source, clock, this::work);
    desk = new LogDesk(listener, source, clock, this::work, settings.keptLogBytes());
  }

  /**
   * Says whose word alone does not count, from the next that each of them is heard of.
   *
   * @param ids of upstreams
   */
  public void setCommunity(Set<String> ids) {
    seats.setCommunity(ids);
  }

  /** Says which logs are waited for from the next block on. */
  public void setInterest(LogInterest wanted) {
    interest = wanted;
  }

  /**
   * Somebody listens from now on: the story begins behind a block that is known to be one of the
   * newest, or else behind what the sources say now.
   *
   * @param knownHash the block's hash in lower case, null if none is known
   */
  public void goLive(@Nullable String knownHash) {
    if (!wantsLive) {
      wantsLive = true;
      anchor.aim(knownHash);
      work();
    }
  }

  /** Nobody listens any more: only the sources' heads are kept and nothing is fetched. */
  public void rest() {
    wantsLive = false;
    anchor.aim(null);
    work();
  }

  /** The newest block that was told or that the story begins behind, null if none. */
  public @Nullable Header head() {
    return story.isEmpty() ? null : story.tip();
  }

  /** How fast the chain goes, as far as the story has been told. */
  public BlockPace pace() {
    return pace;
  }

  @Override
  public void onHead(Upstream by, Header head) {
    seats.onSaid(by, head, clock.nanoTime());
    pool.onSaid(by, seats.isTrusted(by), head);
    work();
  }

  @Override
  public void onGone(Upstream by) {
    seats.onGone(by);
    pool.onGone(by);
    work();
  }

  /** Does all that can be done now; what happens meanwhile is done in another round. */
  private void work() {
    isChanged = true;
    if (isWorking) {
      return;
    }
    isWorking = true;
    while (isChanged) {
      isChanged = false;
      round();
    }
    isWorking = false;
    plan();
  }

  private void round() {
    if (wantsLive != isLive) {
      isLive = wantsLive;
      tellsFirst = seats.isEmpty() && !anchor.isAimed();
      forget();
    }
    if (!isLive) {
      return;
    }
    if (story.isEmpty()) {
      begin();
    }
    if (!story.isEmpty()) {
      goOn();
    }
  }

  private void begin() {
    Header first = anchor.take();
    if (first == null && !anchor.isAimed()) {
      first = Anchor.agreed(seats.all(), pool);
    }
    if (first == null) {
      anchor.work(List.copyOf(seats.all()));
    } else {
      boolean isTold = tellsFirst;
      tellsFirst = false;
      begin(first, isTold);
    }
  }

  private void begin(Header first, boolean isTold) {
    if (isTold) {
      tell(first);
    } else {
      story.append(Adopted.before(first));
    }
  }

  private void goOn() {
    look();
    for (Path path = choose(); path != null; path = choose()) {
      follow(path);
      if (story.isEmpty()) {
        return;
      }
      look();
    }
    if (!isLost()) {
      gaps.work(story.first(), story.tip());
      desk.work();
    }
  }

  private @Nullable Path choose() {
    return choice.choose(story.tip(), clock.nanoTime());
  }

  /** Looks where the sources' heads lead; the story grows downwards if they fork below it. */
  private void look() {
    seats.look(story, pool);
    while (seats.isBelow(story.first())) {
      Header first = story.first();
      Header root = pool.find(first.parentHash(), first.number() - 1);
      if (root == null) {
        return;
      }
      story.prepend(Adopted.before(root));
      seats.look(story, pool);
    }
  }

  private void follow(Path path) {
    Header joint = path.joint();
    if (story.hasForgottenAbove(joint)) {
      lose("a reorganisation goes back before block " + joint.number() + " and its logs", null);
      return;
    }
    while (!story.tip().hash().equals(joint.hash())) {
      Adopted left = story.removeTip();
      pool.onFetched(left.block());
      if (left.isTold()) {
        listener.onRemoved(left.block(), desk.onLeft(left));
      }
    }
    List<Header> blocks = path.blocks();
    for (int i = blocks.size() - 1; i >= 0 && !story.isEmpty(); i--) {
      tell(blocks.get(i));
    }
  }

  private void tell(Header block) {
    pace.onBlock(clock.nanoTime(), FeedJson.timestampSeconds(block));
    Adopted joined = new Adopted(block, interest);
    boolean isBloomTrue = pool.isVouchedFor(block);
    Adopted oldest = story.append(joined);
    listener.onBlock(block);
    desk.onJoined(joined, isBloomTrue);
    if (oldest != null && !desk.tryForget(oldest)) {
      lose("the logs of block " + oldest.block().number() + " could not be had", null);
    }
  }

  /** Whether no source's head leads to the story any more; then it ends. */
  private boolean isLost() {
    List<Seat> strays = new ArrayList<>();
    boolean isGivenUp = false;
    for (Seat seat : seats.all()) {
      boolean hasFailed = seat.path().isOpen() && seat.failures() >= GIVEN_UP;
      boolean isAstray = hasFailed || seat.path().isTooFar();
      if (!isAstray && (seats.isBelieved(seat) || seat.path().ancestor() != null)) {
        anchor.take();
        return false;
      }
      if (isAstray && seats.isBelieved(seat)) {
        isGivenUp |= hasFailed;
        strays.add(seat);
      }
    }
    if (strays.isEmpty()) {
      return false;
    }
    Header next = anchor.take();
    if (!isGivenUp && next == null) {
      next = Anchor.agreed(strays, pool);
    }
    if (isGivenUp || next != null) {
      lose("the blocks after " + story.tip().number() + " could not be had", next);
      return true;
    }
    anchor.work(strays);
    return false;
  }

  private void lose(String reason, @Nullable Header next) {
    forget();
    if (next != null) {
      begin(next, false);
    }
    isChanged = true;
    listener.onLost(reason);
  }

  private void forget() {
    story.clear();
    desk.clear();
    pool.clear();
    choice.clear();
    anchor.take();
  }

  private void plan() {
    if (wake != null) {
      wake.cancel();
      wake = null;
    }
    long next = nextNanos();
    if (next != Long.MAX_VALUE) {
      wake = clock.schedule(this::work, Math.max(0, next - clock.nanoTime()));
    }
  }

  private long nextNanos() {
    if (!isLive) {
      return Long.MAX_VALUE;
    }
    long now = clock.nanoTime();
    long next = Math.min(choice.nextNanos(), desk.nextNanos(now));
    return Math.min(next, seats.nextNanos(now));
  }
}
