package io.fairlead.gateway.feed;

import io.fairlead.gateway.testing.ManualScheduler;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Gives blocks of a chain late, sometimes not, sometimes of the branch that was left. */
final class FakeBlockSource implements BlockSource {
  private static final long MILLI = 1_000_000;

  private final TrueChain chain;
  private final ManualScheduler time;
  private final RandomGenerator random;
  private double failing;
  private long slowestMillis = 50;
  private List<Header> otherBranch = List.of();
  private int requests;
  private int logRequests;

  FakeBlockSource(TrueChain chain, ManualScheduler time, RandomGenerator random) {
    this.chain = chain;
    this.time = time;
    this.random = random;
  }

  /** From now on so many of its answers are failures. */
  void fail(double share) {
    failing = share;
  }

  /** From now on answers take up to so long. */
  void slow(long millis) {
    slowestMillis = millis;
  }

  /** From now on heights are answered from another branch. */
  void showOtherBranch(List<Header> branch) {
    otherBranch = branch;
  }

  boolean isHealthy() {
    return failing == 0 && slowestMillis <= 50;
  }

  void heal() {
    failing = 0;
    slowestMillis = 50;
    otherBranch = List.of();
  }

  int requests() {
    return requests;
  }

  int logRequests() {
    return logRequests;
  }

  @Override
  public void headerByHash(String hash, Found<Header> found) {
    requests++;
    answer(() -> chain.find(hash), found);
  }

  @Override
  public void headerByNumber(long number, Found<Header> found) {
    requests++;
    answer(
        () -> {
          boolean isOther = number < otherBranch.size();
          return isOther
              ? otherBranch.get((int) number)
              : chain.has(number) ? chain.at(number) : null;
        },
        found);
  }

  @Override
  public void logsOf(Header block, LogInterest interest, Found<List<Log>> found) {
    logRequests++;
    answer(() -> chain.logsOf(block.hash(), interest), found);
  }

  private <T> void answer(Supplier<@Nullable T> what, Found<T> found) {
    boolean fails = random.nextDouble() < failing;
    Runnable end =
        () -> {
          T value = fails ? null : what.get();
          if (value == null) {
            found.onMissing("nobody has it");
          } else {
            found.onFound(value);
          }
        };
    long delay = random.nextLong(slowestMillis + 1) * MILLI;
    if (delay == 0) {
      end.run();
    } else {
      time.schedule(end, delay);
    }
  }
}
