package io.fairlead.gateway.feed;

import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import java.util.List;
import java.util.random.RandomGenerator;

/** A node that sees a chain late and tells a feed of it, by pushing or when it is polled. */
final class FakeNode {
  /** How it behaves. */
  enum Manner {
    HONEST,
    SILENT,
    DEAD,
    FORGETFUL,
    REPEATING,
    LYING;

    /** Whether the story cannot rest on it. */
    boolean isFault() {
      return this == SILENT || this == DEAD || this == LYING;
    }
  }

  private static final long MILLI = 1_000_000;

  private final Upstream upstream;
  private final TrueChain chain;
  private final HeadInlet inlet;
  private final ManualScheduler time;
  private final RandomGenerator random;
  private final boolean isPolled;
  private Manner manner = Manner.HONEST;
  private Header view;
  private long lagMillis;

  FakeNode(
      Upstream upstream,
      TrueChain chain,
      HeadInlet inlet,
      ManualScheduler time,
      RandomGenerator random) {
    this.upstream = upstream;
    this.chain = chain;
    this.inlet = inlet;
    this.time = time;
    this.random = random;
    isPolled = random.nextInt(3) == 0;
    view = chain.head();
    lagMillis = random.nextLong(300);
  }

  static Upstream upstream(String id, int slot, String cloud) {
    List<FailureDomain> domains = List.of(FailureDomain.cloud(cloud));
    return new Upstream("chain", slot, new UpstreamSpec(id, domains, 100, 0, Integer.MAX_VALUE));
  }

  Upstream upstream() {
    return upstream;
  }

  Manner manner() {
    return manner;
  }

  void behave(Manner next) {
    boolean wasDead = manner == Manner.DEAD;
    manner = next;
    if (next == Manner.DEAD) {
      inlet.onGone(upstream);
    } else if (wasDead) {
      say(view);
    }
  }

  boolean isLagging() {
    return lagMillis > 300;
  }

  void lag(long millis) {
    lagMillis = millis;
  }

  /** The chain has new blocks, of which each, or only the last, gets here. */
  void onNews(List<Header> blocks) {
    int first = random.nextBoolean() ? 0 : blocks.size() - 1;
    for (Header block : blocks.subList(first, blocks.size())) {
      time.schedule(() -> see(block), lagMillis * MILLI);
    }
  }

  private void see(Header block) {
    view = block;
    if (!isPolled) {
      tell();
    }
  }

  /** Somebody looks, if it is one that is polled. */
  void onPoll() {
    if (isPolled) {
      tell();
    }
  }

  private void tell() {
    switch (manner) {
      case HONEST -> say(view);
      case SILENT, DEAD -> {}
      case FORGETFUL -> {
        if (random.nextInt(3) > 0) {
          say(view);
        }
      }
      case REPEATING -> {
        say(view);
        say(view);
        time.schedule(this::sayIfAlive, random.nextLong(3000) * MILLI);
      }
      case LYING -> say(random.nextInt(3) == 0 ? view : lie());
    }
  }

  private void sayIfAlive() {
    if (manner != Manner.DEAD) {
      say(view);
    }
  }

  private void say(Header head) {
    inlet.onHead(upstream, head);
  }

  private Header lie() {
    Header head = chain.head();
    return switch (random.nextInt(5)) {
      case 0 -> made(head.number() + 1, chain.hash(), head.hash());
      case 1 -> made(head.number(), head.hash(), chain.hash());
      case 2 -> made(head.number() + 1_000_000, chain.hash(), chain.hash());
      case 3 -> made(head.number() + 1 + random.nextInt(50), chain.hash(), chain.hash());
      default -> made(head.number(), chain.hash(), head.parentHash());
    };
  }

  private static Header made(long number, String hash, String parentHash) {
    return new Header(number, hash, parentHash, "0x" + "0".repeat(512), "{}");
  }
}
