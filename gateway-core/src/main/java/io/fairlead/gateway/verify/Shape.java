package io.fairlead.gateway.verify;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record that clients of Ethereum describe each in their own way, and which of its members mean
 * the same everywhere.
 *
 * <p>Some programs leave out what others give ({@code yParity}, {@code blobGasUsed}, {@code
 * withdrawals} before Shanghai), some add members of their own, and {@code totalDifficulty} and
 * {@code size} are worked out in more than one way. So the members that every program gives must
 * agree; others are compared if both answers have them; a few are not compared. A null member is as
 * good as none.
 */
enum Shape {
  /** A block or the header of one. */
  BLOCK(
      Set.of(
          "hash",
          "number",
          "parentHash",
          "sha3Uncles",
          "logsBloom",
          "transactionsRoot",
          "stateRoot",
          "receiptsRoot",
          "miner",
          "extraData",
          "gasLimit",
          "gasUsed",
          "timestamp",
          "transactions"),
      Set.of("size", "totalDifficulty")),
  /** A transaction. */
  TRANSACTION(
      Set.of(
          "hash",
          "blockHash",
          "blockNumber",
          "transactionIndex",
          "from",
          "to",
          "value",
          "input",
          "nonce",
          "gas"),
      Set.of("chainId", "accessList")),
  /** A receipt. */
  RECEIPT(
      Set.of(
          "transactionHash",
          "transactionIndex",
          "blockHash",
          "blockNumber",
          "from",
          "to",
          "cumulativeGasUsed",
          "gasUsed",
          "logs",
          "logsBloom"),
      Set.of()),
  /** A log. */
  LOG(
      Set.of(
          "address",
          "topics",
          "data",
          "blockHash",
          "blockNumber",
          "transactionHash",
          "transactionIndex",
          "logIndex"),
      Set.of()),
  /** An error: what a contract gave back counts, the words differ between programs. */
  ERROR(Set.of(), Set.of("code", "message"));

  /** How a member is compared. */
  enum Rule {
    /** It must agree. */
    REQUIRED,
    /** It must agree if both have it. */
    OPTIONAL,
    /** It is not compared. */
    IGNORED
  }

  private static final Set<String> SIGNATURE = Set.of("r", "s", "v");

  @SuppressWarnings("ImmutableEnumChecker") // a set that cannot be changed
  private final Set<String> required;

  @SuppressWarnings("ImmutableEnumChecker") // a set that cannot be changed
  private final Set<String> ignored;

  Shape(Set<String> required, Set<String> ignored) {
    this.required = required;
    this.ignored = ignored;
  }

  Rule rule(String member) {
    if (required.contains(member)) {
      return Rule.REQUIRED;
    }
    return ignored.contains(member) ? Rule.IGNORED : Rule.OPTIONAL;
  }

  /** The records that a member holds; null if it holds none. */
  @Nullable Shape within(String member) {
    return switch (this) {
      case BLOCK -> member.equals("transactions") ? TRANSACTION : null;
      case RECEIPT -> member.equals("logs") ? LOG : null;
      default -> null;
    };
  }

  /** Whether a member is a number that some programs pad with zeros. */
  boolean isPadded(String member) {
    return this == TRANSACTION && SIGNATURE.contains(member);
  }
}
