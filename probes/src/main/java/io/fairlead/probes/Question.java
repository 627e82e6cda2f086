package io.fairlead.probes;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** What a probe asks an EVM node. */
enum Question {
  /** Which chain it is on. */
  CHAIN_ID("eth_chainId", "[]"),
  /** Whether it is still loading the chain. */
  SYNCING("eth_syncing", "[]"),
  /** Its newest block: height, hash and time in one call. */
  HEAD("eth_getBlockByNumber", "[\"latest\",false]"),
  /** Its newest block that is unlikely to be replaced. */
  SAFE("eth_getBlockByNumber", "[\"safe\",false]"),
  /** Its newest block that will not be replaced. */
  FINALIZED("eth_getBlockByNumber", "[\"finalized\",false]"),
  /**
   * The balance of an address that nobody has asked for, which no cache in front of it can know.
   */
  LIVENESS("eth_getBalance", "[\"0x%016x%016x%08x\",\"latest\"]");

  /** The id of every call; a probe has its exchange for itself. */
  static final String ID = "1";

  private final String method;
  private final String params;

  Question(String method, String params) {
    this.method = method;
    this.params = params;
  }

  String method() {
    return method;
  }

  /** The tag in its parameters, for words. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  byte[] toBody(RandomGenerator random) {
    String actual =
        this == LIVENESS
            ? String.format(
                Locale.ROOT, params, random.nextLong(), random.nextLong(), random.nextInt())
            : params;
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":" + ID + ",\"method\":\"" + method + "\",\"params\":" + actual;
    return (body + "}").getBytes(StandardCharsets.US_ASCII);
  }
}
