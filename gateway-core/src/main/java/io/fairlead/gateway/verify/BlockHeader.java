package io.fairlead.gateway.verify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A block's header as a node writes it in JSON, and the hash that follows from its fields.
 *
 * <p>The hash is Keccak-256 of the RLP list of the fields in their order. Forks appended fields:
 * the base fee (London, EIP-1559), the withdrawals' root (Shanghai, EIP-4895), blob gas and the
 * beacon root (Cancun, EIP-4844, EIP-4788), the requests' hash (Prague, EIP-7685). A later one is
 * never there without those before it. A block with a field that is none of these and no known
 * company of a header (size, transactions ...) may be of a fork or a chain that hashes more, so
 * nothing can be said of it.
 *
 * <p>Source: Yellow Paper, 4.4.3, and the EIPs. Thread-safety: confined to one thread.
 */
final class BlockHeader {
  /** How many fields only some forks have. */
  static final int FORK_FIELDS = 6;

  private static final String[] FIELDS = {
    "parentHash",
    "sha3Uncles",
    "miner",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "extraData",
    "mixHash",
    "nonce",
    "baseFeePerGas",
    "withdrawalsRoot",
    "blobGasUsed",
    "excessBlobGas",
    "parentBeaconBlockRoot",
    "requestsHash"
  };
  private static final int FRONTIER_FIELDS = FIELDS.length - FORK_FIELDS;
  private static final Set<String> QUANTITIES =
      Set.of(
          "difficulty",
          "number",
          "gasLimit",
          "gasUsed",
          "timestamp",
          "baseFeePerGas",
          "blobGasUsed",
          "excessBlobGas");
  private static final Set<String> COMPANY =
      Set.of("hash", "size", "totalDifficulty", "transactions", "uncles", "withdrawals");
  private static final Map<String, Integer> PLACES = places();

  private final @Nullable String[] values = new String[FIELDS.length];
  private @Nullable String hash;
  private boolean hasUnknown;

  private static Map<String, Integer> places() {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < FIELDS.length; i++) {
      places.put(FIELDS[i], i);
    }
    return places;
  }

  /** Takes one member of the block; what is null is as good as absent. */
  void set(String field, String value) {
    Integer place = PLACES.get(field);
    if (place != null) {
      values[place] = value;
    } else if (field.equals("hash")) {
      hash = value;
    } else {
      meet(field);
    }
  }

  /** Notes that the block has a member, whatever its value. */
  void meet(String field) {
    hasUnknown |= !PLACES.containsKey(field) && !COMPANY.contains(field);
  }

  /** How many of the fields that forks appended it has. */
  int forkFields() {
    int last = FIELDS.length;
    while (last > FRONTIER_FIELDS && values[last - 1] == null) {
      last--;
    }
    return last - FRONTIER_FIELDS;
  }

  long number() {
    String number = values[Objects.requireNonNull(PLACES.get("number"))];
    return number == null ? -1 : Hex.quantity(number);
  }

  /** The hash that the node says it has. */
  @Nullable String hash() {
    return hash;
  }

  /** Whether the hash is that of the fields; null if it cannot be told. */
  @Nullable Boolean isHashOfFields() {
    byte[] said = hash == null ? null : Hex.bytes(hash);
    if (said == null || hasUnknown) {
      return null;
    }
    Rlp rlp = new Rlp();
    for (int i = 0; i < FRONTIER_FIELDS + forkFields(); i++) {
      String text = values[i];
      byte[] value = text == null ? null : Hex.bytes(text);
      if (value == null) {
        return null;
      }
      if (QUANTITIES.contains(FIELDS[i])) {
        rlp.addQuantity(value);
      } else {
        rlp.addBytes(value);
      }
    }
    return Arrays.equals(said, Hex.keccak(rlp.toList()));
  }
}
