package io.fairlead.probes;

import io.fairlead.probes.Answer.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A sort of data that nodes keep of blocks, as {@code eth_capabilities} (execution-apis) has it.
 */
public enum DataSort {
  /** Accounts, code and storage. */
  STATE("state", "eth_getBalance", "[\"0x0000000000000000000000000000000000000000\",\"0x%x\"]"),
  /** Transactions by their hash. */
  TRANSACTIONS("tx", null, ""),
  /** Logs. */
  LOGS("logs", "eth_getLogs", "[{\"fromBlock\":\"0x%1$x\",\"toBlock\":\"0x%1$x\"}]"),
  /** Receipts. */
  RECEIPTS("receipts", "eth_getBlockReceipts", "[\"0x%x\"]"),
  /** Headers and bodies. */
  BLOCKS("blocks", "eth_getBlockByNumber", "[\"0x%x\",false]"),
  /** Merkle proofs of the state. */
  PROOFS("stateproofs", null, "");

  /** What an answer says of the data of one block. */
  enum Word {
    /** It is there. */
    HELD,
    /** It is not there. */
    LACKING,
    /** Nothing: ask again later. */
    UNCLEAR,
    /** That question is of no use here. */
    NOT_OFFERED
  }

  private static final long NO_METHOD = -32601;

  private final String field;
  private final @Nullable String method;
  private final String params;

  DataSort(String field, @Nullable String method, String params) {
    this.field = field;
    this.method = method;
    this.params = params;
  }

  /** Its member in the answer to eth_capabilities. */
  String field() {
    return field;
  }

  /** Whether a cheap question tells if a block's data is there. */
  boolean isSearchable() {
    return method != null;
  }

  /** The question for one block. */
  String toBody(long block) {
    return OneCall.body(method, String.format(Locale.ROOT, params, block));
  }

  /** What the answer to {@link #toBody} says. */
  Word read(int httpStatus, byte[] body) {
    Verdict verdict = Verdict.of(httpStatus, body);
    return switch (verdict.outcome()) {
      case SUCCESS -> verdict.result() == null ? Word.NOT_OFFERED : read(verdict.result().kind());
      case FAILED ->
          AnswerReader.read(body) instanceof Answer.Refusal refusal && refusal.code() != NO_METHOD
              ? Word.LACKING
              : Word.UNCLEAR;
      default -> Word.UNCLEAR;
    };
  }

  private Word read(Kind kind) {
    Kind held =
        switch (this) {
          case STATE -> Kind.SCALAR;
          case BLOCKS -> Kind.OBJECT;
          default -> Kind.ARRAY;
        };
    if (kind == held) {
      return Word.HELD;
    }
    return kind == Kind.NULL ? Word.LACKING : Word.UNCLEAR;
  }
}
