package io.fairlead.gateway.jsonrpc.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.Verdict.Kind;
import io.fairlead.routing.Blame;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The catalogue's literal texts and what providers' own trackers quote, in every casing, with every
 * code that was seen with them, in the message and in the data, tight and spread out.
 *
 * <p>Sources of texts beyond the catalogue: INFURA/infura issue 237, ethers-io/ethers.js issue
 * 4703, BobTheBuidler/dank_mids issue 772 (log ranges); paradigmxyz/reth pull request 4092,
 * NethermindEth/nethermind issue 9408, openethereum issue 11594, blockscout issue 5594 (pruned
 * state); OffchainLabs/prysm issue 15500 (pruned history).
 */
class QuirksTest {
  private static final MethodSpecs METHODS = MethodSpecs.evm();
  private static final AnswerClassifier CLASSIFIER = AnswerClassifier.evm();
  private static final long[] PLAIN = {-32000, -32603, -32602};

  private final AnswerScanner scanner = new AnswerScanner(new byte[64]);

  private Kind kindOf(String method, String answer, Blame blame) {
    scanner.reset();
    scanner.feed(Unpooled.wrappedBuffer(answer.getBytes(StandardCharsets.UTF_8)));
    scanner.finish();
    Calls call = Calls.of(method, "[]");
    Verdict verdict = CLASSIFIER.classify(200, scanner, METHODS.find(call.body(), call.spans()));
    assertEquals(blame, verdict.blame(), answer);
    return verdict.kind();
  }

  /** The same words as different nodes write them. */
  private static List<String> casings(String text) {
    StringBuilder title = new StringBuilder();
    StringBuilder mixed = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean first = i == 0 || !Character.isLetterOrDigit(text.charAt(i - 1));
      title.append(first ? Character.toUpperCase(c) : c);
      mixed.append(i % 2 == 0 ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return List.of(
        text,
        text.toLowerCase(Locale.ROOT),
        text.toUpperCase(Locale.ROOT),
        title.toString(),
        mixed.toString());
  }

  private static List<String> answers(long code, String text) {
    List<String> answers = new ArrayList<>();
    for (String words : casings(text)) {
      answers.add(error(code, "\"message\":\"" + words + "\""));
      answers.add(error(code, "\"message\":\"x\",\"data\":\"" + words + "\""));
      answers.add(
          "{ \"error\" : { \"message\" : \""
              + words
              + "\" ,\n \"code\" : "
              + code
              + " } , \"id\" : \"a\" }");
    }
    return answers;
  }

  private static String error(long code, String members) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":" + code + "," + members + "}}";
  }

  private void assertAll(String method, String text, Blame blame, Kind kind, long... codes) {
    for (long code : codes) {
      for (String answer : answers(code, text)) {
        assertEquals(kind, kindOf(method, answer, blame), answer);
      }
    }
  }

  @ParameterizedTest(name = "row {0}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1|RANGE_TOO_LARGE|block range is too wide",
        "1|RANGE_TOO_LARGE|range too large",
        "1|RANGE_TOO_LARGE|exceeds max results",
        "1|RANGE_TOO_LARGE|query returned more than 10000 results",
        "1|RANGE_TOO_LARGE|query exceeds limit",
        "1|RANGE_TOO_LARGE|try paginating",
        "1|RANGE_TOO_LARGE|maximum is set to 2048 blocks distance",
        "1|RANGE_TOO_LARGE|Response is too big",
        "1|RANGE_TOO_LARGE|Try with this block range [0xBDE5F8, 0x102DBCC].",
        "1|RANGE_TOO_LARGE|range 1000000 exceeds limit of 10000",
        "1|RANGE_TOO_LARGE|You can make eth_getLogs requests with up to a 500 block range. Based on"
            + " your parameters, this block range should work: [0x123c9b2, 0x123cba5]",
        "1|RANGE_TOO_LARGE|Log response size exceeded. Please reduce query block range.",
        "2|FILTER_TOO_WIDE|specify less number of address",
        "2|FILTER_TOO_WIDE|exceed max addresses or topics per search position",
        "2|FILTER_TOO_WIDE|This query contains 5006 filters. The current limit is 5000.",
        "5|SENDER_LIMITED|sender is over rate limit"
      })
  void whatTheClientIsToChange(int row, Kind kind, String text) {
    assertAll("eth_getLogs", text, Blame.CLIENT, kind, PLAIN);
    assertAll("eth_getLogs", text, Blame.CLIENT, kind, -32005, -32600);
  }

  @ParameterizedTest(name = "row 3: {0}")
  @CsvSource({
    "Too Many Requests",
    "Your app has exceeded its compute units per second capacity",
    "daily request limit reached",
    "credits limited to 330",
    "CUPS limit exceeded",
    "No server available",
    "project ID request rate exceeded: rate limit"
  })
  void row3Limits(String text) {
    assertAll("eth_call", text, Blame.LIMIT, Kind.RATE_LIMITED, PLAIN);
    assertAll(
        "eth_call",
        text,
        Blame.LIMIT,
        Kind.RATE_LIMITED,
        -32005,
        -32007,
        -32009,
        -32097,
        -32016,
        429);
  }

  @ParameterizedTest(name = "row 4: {0}")
  @CsvSource({
    "Monthly capacity limit exceeded",
    "you have reached the free tier limit",
    "exceeded the limit for your current plan",
    "upgrade at https://dashboard.example/settings/billing"
  })
  void row4Plans(String text) {
    assertAll("eth_call", text, Blame.ACCOUNT, Kind.PLAN_EXHAUSTED, PLAIN);
    assertAll("eth_call", text, Blame.ACCOUNT, Kind.PLAN_EXHAUSTED, -32005, 429, 402);
  }

  @ParameterizedTest(name = "row 6: {0}")
  @CsvSource({
    "missing trie node b03d68ac51042467d7637d4ef9e1c52370abc410f263166965cb1e280b1f6d17 (path )",
    "header not found",
    "unknown block",
    "No state available for block 0x1",
    "historical state 0xab12 is not available",
    "requested block 5 is after last accepted block 4",
    "cannot query unfinalized data",
    "state purged for block 7",
    "Block with such an ID is pruned",
    "Version has either been pruned or is for a future block",
    "failed to load state at height 12",
    "request beyond head block: requested 9",
    "genesis is not traceable",
    "State at block #11052984 is pruned",
    "required historical state unavailable (reexec=128)",
    "pruned history unavailable",
    "This request is not supported because your node is running with state pruning.",
    "Nethermind.Trie.MissingTrieNodeException: Node A is missing from the DB",
    "World state unavailable"
  })
  void row6Data(String text) {
    assertAll("eth_call", text, Blame.DATA, Kind.STATE_MISSING, PLAIN);
    assertAll("eth_getLogs", text, Blame.DATA, Kind.STATE_MISSING, -32001, -32004, 4444);
  }

  @ParameterizedTest(name = "row 9: {0}")
  @CsvSource({
    "finalized block not found",
    "pending is not supported",
    "safe block not found",
    "malformed blocknumber"
  })
  void row9Tags(String text) {
    assertAll("eth_getBlockByNumber", text, Blame.DATA, Kind.TAG_UNSUPPORTED, PLAIN);
    assertAll("eth_call", text, Blame.DATA, Kind.TAG_UNSUPPORTED, -39001, -32001);
  }

  @ParameterizedTest(name = "row 10: {0}")
  @CsvSource({
    "execution reverted",
    "VM execution error.",
    "Reverted 0x08c379a0",
    "EVM error: InvalidJump",
    "EVM error: OutOfGas",
    "VM Exception while processing transaction: revert missing trie node"
  })
  void row10Reverts(String text) {
    assertAll("eth_call", text, Blame.CLIENT, Kind.REVERT, PLAIN);
    assertAll("eth_estimateGas", text, Blame.CLIENT, Kind.REVERT, 3, -32015, 429);
  }

  @ParameterizedTest(name = "row {0}: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "11|NONE|ALREADY_KNOWN|already known",
        "11|NONE|ALREADY_KNOWN|known transaction: 0xab",
        "11|NONE|ALREADY_KNOWN|Transaction with the same hash was already imported.",
        "11|NONE|ALREADY_KNOWN|tx already in mempool",
        "11|NONE|ALREADY_KNOWN|tx already exists in mempool",
        "11|NONE|ALREADY_KNOWN|ALREADY_EXISTS: already known",
        "12|CLIENT|NONCE_TOO_LOW|nonce too low: next nonce 5, tx nonce 4",
        "12|CLIENT|NONCE_TOO_LOW|nonce has already been used",
        "13|DATA|POOL_POLICY|replacement transaction underpriced",
        "13|DATA|POOL_POLICY|transaction fee too low",
        "13|DATA|POOL_POLICY|An existing transaction had higher priority",
        "13|DATA|POOL_POLICY|rejected",
        "13|DATA|POOL_POLICY|txpool is full",
        "13|DATA|POOL_POLICY|queued sub-pool is full",
        "14|CLIENT|INSUFFICIENT_FUNDS|insufficient funds for gas * price + value",
        "15|CLIENT|MALFORMED_TRANSACTION|typed transaction too short",
        "15|CLIENT|MALFORMED_TRANSACTION|rlp: expected input list for types.LegacyTx",
        "15|DATA|TYPE_UNSUPPORTED|transaction type not supported"
      })
  void transactions(int row, Blame blame, Kind kind, String text) {
    assertAll("eth_sendRawTransaction", text, blame, kind, PLAIN);
    assertAll("eth_sendRawTransaction", text, blame, kind, -32003, -32010);
  }

  @ParameterizedTest(name = "row 14: {0}")
  @CsvSource({"debug_traceCall", "trace_call", "debug_traceTransaction"})
  void row14FundsOfTracesAreAboutTheirState(String method) {
    String text = "insufficient funds for gas * price + value";
    assertAll(method, text, Blame.DATA, Kind.INSUFFICIENT_FUNDS, PLAIN);
  }

  @ParameterizedTest(name = "row 16: {0}")
  @CsvSource({
    "the method trace_block does not exist/is not available",
    "rpc method is not whitelisted",
    "trace_block is not included in your current plan",
    "Method not found"
  })
  void row16Methods(String text) {
    assertAll("trace_block", text, Blame.DATA, Kind.METHOD_MISSING, PLAIN);
    assertAll(
        "trace_block",
        text,
        Blame.DATA,
        Kind.METHOD_MISSING,
        -32601,
        -32004,
        -32001,
        -32612,
        -32613);
  }

  @ParameterizedTest(name = "row 17: {0}")
  @CsvSource({"Must be authenticated!", "invalid access key", "token is invalid", "UNAUTHORIZED"})
  void row17Credentials(String text) {
    assertAll("eth_call", text, Blame.ACCOUNT, Kind.CREDENTIALS, -32600);
  }

  @ParameterizedTest(name = "row 19: {0}")
  @CsvSource({"execution timeout", "request timed out"})
  void row19NodesThatGiveUp(String text) {
    assertAll("eth_call", text, Blame.UPSTREAM, Kind.NODE_GAVE_UP, PLAIN);
    assertAll("eth_getLogs", text, Blame.DATA, Kind.CALL_TOO_HEAVY, PLAIN);
  }

  @ParameterizedTest(name = "row 22: {0}")
  @CsvSource({"filter not found"})
  void row22Filters(String text) {
    assertAll("eth_getFilterChanges", text, Blame.CLIENT, Kind.FILTER_NOT_FOUND, -32000, -32602);
  }
}
