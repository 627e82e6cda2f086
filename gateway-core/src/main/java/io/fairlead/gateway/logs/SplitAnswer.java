package io.fairlead.gateway.logs;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One log query that is asked in parts, and the answer that is made of them.
 *
 * <p><b>Parts.</b> The range is a chain of parts in the order of blocks. Those at its front are
 * asked for, a few at a time; each is cut off the rest when its turn to be asked comes, as wide as
 * is then known to be taken, so that what one part teaches the next ones heed. A part that is
 * refused for its width or weight goes back and is cut smaller; a single block that is refused ends
 * the query with the upstream's own words.
 *
 * <p><b>Order.</b> Parts are disjoint and cover the range; each is answered by one upstream and
 * passed on whole and once, in the order of blocks. So no log is missing and none comes twice, as
 * long as each upstream answers for all blocks that it was asked for ({@link PartDemand}). A part
 * that breaks off before any of it was passed on is asked for again.
 *
 * <p><b>Bounds.</b> {@link #MOST_PARALLEL} parts in flight, {@link PartsInFlight} for all queries
 * together; {@link #AHEAD_BYTES} and {@link #AHEAD_PARTS} of answers that wait for their turn,
 * besides what is underway; {@link #MOST_PARTS} parts in all. Up to {@link #HOLD_BYTES} are held
 * back before the answer begins, so that a query with a short answer that comes to nothing can
 * still be answered with an error. From then on a failure breaks the answer off, visibly. Once the
 * answer flows, the time-out is that of the next part, not that of the whole.
 *
 * <p><b>Backing off.</b> When upstreams have no room for a part, fewer are asked for at the same
 * time and the part waits a while.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: owns its parts.
 */
final class SplitAnswer implements ActiveAnswer {
  /** Parts of one query in flight. */
  static final int MOST_PARALLEL = 8;

  /** Parts that one query may take. */
  static final int MOST_PARTS = 1024;

  static final long AHEAD_BYTES = 4 * 1024 * 1024;
  static final int AHEAD_PARTS = 64;

  private static final int HOLD_BYTES = 128 * 1024;
  private static final int MOST_FAILURES = 6;
  private static final long BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  private final Call call;
  private final LogQuery query;
  private final Reach reach;
  private final LogLimits limits;
  private final PartsInFlight budget;
  private final LogsOutput output;
  private final RefusedRange refusals;

  private @Nullable Part first;
  private int inFlight;
  private int parallel = MOST_PARALLEL;
  private int asked;
  private boolean reading = true;
  private boolean running;
  private boolean again;
  private boolean finished;

  /**
   * A query that is to be asked in parts.
   *
   * @param shared what all queries of the chain share
   * @param sink where the answer goes
   */
  SplitAnswer(Call call, LogQuery query, Reach reach, LogsHandler.Shared shared, AnswerSink sink) {
    this.call = call;
    this.query = query;
    this.reach = reach;
    this.limits = shared.limits();
    this.budget = shared.budget();
    this.output = new LogsOutput(call, query.message(), sink, HOLD_BYTES);
    this.refusals = new RefusedRange(reach, limits);
  }

  /**
   * Begins; the sink may hear of the end before this returns.
   *
   * @param widest how many blocks the first part may have
   */
  void start(long widest) {
    first = new Part(query.from(), query.to(), widest);
    pump();
  }

  @Override
  public void abandon() {
    if (!finished) {
      end();
    }
  }

  @Override
  public void setReading(boolean on) {
    reading = on;
    if (!finished) {
      pump();
    }
  }

  /** Passes on what has arrived and asks for more; calls within calls are made afterwards. */
  private void pump() {
    again = true;
    if (running) {
      return;
    }
    running = true;
    while (again && !finished) {
      again = false;
      passOn();
      if (!finished) {
        askAhead();
      }
    }
    running = false;
  }

  private void passOn() {
    while (first != null && mayPassOn()) {
      Part part = first;
      ByteBuf piece = part.poll();
      if (piece != null) {
        output.add(piece, part.isMerged());
      } else if (part.isDone()) {
        output.closePart();
        refusals.onPassed(part.to());
        first = part.next;
      } else {
        part.adjustReading(true);
        return;
      }
    }
    if (first == null && !finished) {
      finished = true;
      output.finish();
    }
  }

  private boolean mayPassOn() {
    return !finished && (reading || !output.isStreaming());
  }

  private void askAhead() {
    long ahead = 0;
    int parts = 0;
    for (Part part = first; part != null && !finished; part = part.next) {
      if (!part.isAsked()) {
        if (part != first && (ahead > AHEAD_BYTES || parts > AHEAD_PARTS)) {
          return;
        }
        if (!tryAsk(part)) {
          return;
        }
      }
      ahead += part.waitingBytes();
      parts++;
    }
  }

  /** Asks for the beginning of a part; false if that has to wait. */
  private boolean tryAsk(Part part) {
    long now = reach.nanoTime();
    if (!part.isReady(now)) {
      if (inFlight == 0) {
        call.loop().schedule(this::pump, part.notBeforeNanos() - now);
      }
      return false;
    }
    List<FilterLists.@Nullable Slice> slices = slices();
    if (inFlight > 0 && !hasRoom(slices.size())) {
      return false;
    }
    long widest = Math.min(part.cap(), reach.mostBlocks());
    if (asked + (part.blocks() - 1) / widest >= MOST_PARTS) {
      fail(refusals.tooMany(call, query, widest * Math.max(1, MOST_PARTS - asked)));
      return false;
    }
    part.cut(widest);
    asked++;
    ask(part, slices);
    return true;
  }

  private boolean hasRoom(int questions) {
    return inFlight + questions <= parallel && budget.hasRoom(call.loop().index(), questions);
  }

  private List<FilterLists.@Nullable Slice> slices() {
    List<FilterLists.@Nullable Slice> whole = new ArrayList<>();
    whole.add(null);
    long most = reach.mostAlternatives();
    if (most == LogLimits.NONE || query.lists().longest() <= most) {
      return whole;
    }
    List<FilterLists.Slice> slices = query.lists().slices((int) most);
    return slices == null ? whole : new ArrayList<>(slices);
  }

  private void ask(Part part, List<FilterLists.@Nullable Slice> slices) {
    boolean isMerged = slices.size() > 1;
    List<Strand> strands = new ArrayList<>();
    for (int i = 0; i < slices.size(); i++) {
      LogCutter cutter = isMerged ? newCutter() : null;
      strands.add(new Strand(this, part, cutter));
    }
    part.ask(strands, alternatives(slices.get(0)));
    count(slices.size());
    for (int i = 0; i < slices.size() && strands.get(i).isOpen(); i++) {
      strands.get(i).start(question(part, slices.get(i), strands.get(i)));
    }
  }

  private LogCutter newCutter() {
    return new LogCutter(call.loop().alloc(), call.loop().window());
  }

  byte[] window() {
    return call.loop().window();
  }

  private Question question(Part part, FilterLists.@Nullable Slice slice, Strand strand) {
    ByteBuf body = query.toCall(call.loop().alloc(), part.from(), part.to(), slice);
    PartDemand demand =
        new PartDemand(reach, part.blocks(), query.numberAt(part.to()), alternatives(slice));
    return call.ask(call.loop().toMessage(call.chain(), body), demand, strand);
  }

  private int alternatives(FilterLists.@Nullable Slice slice) {
    return slice == null ? query.lists().longest() : slice.longest();
  }

  private void count(int questions) {
    inFlight += questions;
    budget.add(call.loop().index(), questions);
  }

  /** A strand was answered in full. */
  void onServed(Part part, @Nullable Upstream by) {
    count(-1);
    parallel = Math.min(MOST_PARALLEL, parallel + 1);
    if (by != null) {
      limits.onServed(by.id(), reach.query(), part.blocks(), reach.nanoTime());
    }
    pump();
  }

  /** More of a part has arrived. */
  void onArrived(Part part) {
    if (part == first) {
      pump();
    }
  }

  /** A strand's answer is no array or broke off. */
  void onBroken(Part part) {
    count(-1);
    if (part.isBegun() || part.failures() >= MOST_FAILURES) {
      fail(null);
      return;
    }
    again(part);
  }

  /** A strand was answered with an error. */
  void onRefused(Part part, WholeAnswer error) {
    count(-1);
    switch (refusals.meaning(part, query, error)) {
      case NARROWER -> {
        error.release();
        retract(part);
        part.narrow(refusals.narrower());
        pump();
      }
      case CUT_FILTER -> {
        error.release();
        retract(part);
        part.narrow(part.blocks());
        pump();
      }
      case LATER -> onNoRoom(part, error);
      case OUT_OF_TIME -> {
        error.release();
        fail(refusals.outOfTime(call, query, part));
      }
      case FINAL -> fail(error);
    }
  }

  private void onNoRoom(Part part, WholeAnswer error) {
    long narrower = reach.nextBelow(part.blocks());
    if (narrower > 0) {
      error.release();
      retract(part);
      part.narrow(narrower);
      pump();
    } else if (part.failures() >= MOST_FAILURES) {
      fail(error);
    } else {
      error.release();
      parallel = Math.max(1, Math.min(parallel, inFlight));
      again(part);
    }
  }

  /** Asks for a part once more, a little later, if there is time for that. */
  private void again(Part part) {
    long pauseNanos = BACK_OFF_NANOS << part.failures();
    if (pauseNanos >= call.remainingNanos()) {
      fail(refusals.outOfTime(call, query, part));
      return;
    }
    retract(part);
    part.postpone(reach.nanoTime() + pauseNanos);
    pump();
  }

  private void retract(Part part) {
    count(-part.open());
  }

  /** Ends with an error, or by breaking off if the answer has begun. */
  private void fail(@Nullable WholeAnswer error) {
    if (finished) {
      if (error != null) {
        error.release();
      }
      return;
    }
    end();
    output.fail(error);
  }

  private void end() {
    finished = true;
    for (Part part = first; part != null; part = part.next) {
      count(-part.open());
      part.drop();
    }
    first = null;
    output.release();
  }
}
