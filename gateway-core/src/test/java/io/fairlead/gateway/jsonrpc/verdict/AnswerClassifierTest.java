package io.fairlead.gateway.jsonrpc.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.Verdict.Kind;
import io.fairlead.routing.Blame;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue of what real EVM nodes answer, row by row, in its own words. */
class AnswerClassifierTest {
  private static final MethodSpecs METHODS = MethodSpecs.evm();
  private static final AnswerClassifier CLASSIFIER = AnswerClassifier.evm();
  private static final int PLAIN = -32000;

  private final AnswerScanner scanner = new AnswerScanner(new byte[64]);

  private Verdict classify(String method, int status, String answer) {
    scanner.reset();
    scanner.feed(Unpooled.wrappedBuffer(answer.getBytes(StandardCharsets.UTF_8)));
    scanner.finish();
    Calls call = Calls.of(method, "[]");
    return CLASSIFIER.classify(status, scanner, METHODS.find(call.body(), call.spans()));
  }

  private Verdict error(String method, int status, long code, String message) {
    return classify(
        method,
        status,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":"
            + code
            + ",\"message\":\""
            + message
            + "\"}}");
  }

  private void assertVerdict(Blame blame, Kind kind, Verdict verdict) {
    assertEquals(new Verdict(blame, kind), verdict);
  }

  @Test
  void aResultIsNobodysFault() {
    assertSame(
        Verdict.ANSWERED, classify("eth_call", 200, "{\"id\":1,\"result\":\"0x08c379a0rest\"}"));
    assertSame(Verdict.ANSWERED, classify("eth_getLogs", 200, "{\"id\":1,\"result\":[]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "block range is too wide", "eth_getLogs: range too large, max 1000",
            "query exceeds max results 20000",
        "query returned more than 10000 results", "logs query exceeds limit",
            "Log limit reached, try paginating",
        "maximum 10000 blocks distance", "Response is too big",
            "Try with this block range [0x1, 0x2]",
        "ranges over 10000 blocks are not supported on freetier", "query timeout exceeded",
            "exceed maximum block range: 5000",
        "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range"
      })
  void row1LogRanges(String message) {
    assertVerdict(Blame.CLIENT, Kind.RANGE_TOO_LARGE, error("eth_getLogs", 200, PLAIN, message));
    assertVerdict(Blame.CLIENT, Kind.RANGE_TOO_LARGE, error("eth_getLogs", 200, -32005, message));
  }

  @Test
  void row1LogRangesByCode() {
    assertVerdict(
        Blame.CLIENT,
        Kind.RANGE_TOO_LARGE,
        error("eth_getLogs", 413, -32614, "eth_getLogs is limited to a 5 range"));
    assertVerdict(Blame.CLIENT, Kind.RANGE_TOO_LARGE, error("eth_getLogs", 200, -32614, "?"));
    assertVerdict(Blame.CLIENT, Kind.RANGE_TOO_LARGE, classify("eth_getLogs", 413, "<html>"));
    assertVerdict(Blame.DATA, Kind.REQUEST_TOO_LARGE, classify("eth_call", 413, "<html>"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "specify less number of address",
        "exceed max addresses or topics per search position",
        "too many filters: 7000 filters. The current limit is 5000"
      })
  void row2Filters(String message) {
    assertVerdict(Blame.CLIENT, Kind.FILTER_TOO_WIDE, error("eth_getLogs", 200, PLAIN, message));
  }

  @ParameterizedTest
  @ValueSource(longs = {-32005, -32007, -32009, -32097, -32016, 429, -33300})
  void row3RateLimitsByCode(long code) {
    assertVerdict(Blame.LIMIT, Kind.RATE_LIMITED, error("eth_call", 200, code, "?"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Too Many Requests", "TOO MANY REQUESTS", "Your app has exceeded its compute units",
            "daily request limit reached",
        "credits limited to 500", "CUPS limit", "No server available", "over rate limit"
      })
  void row3RateLimitsByText(String message) {
    assertVerdict(Blame.LIMIT, Kind.RATE_LIMITED, error("eth_call", 200, PLAIN, message));
  }

  @Test
  void row3RateLimitsByStatus() {
    assertVerdict(Blame.LIMIT, Kind.RATE_LIMITED, classify("eth_call", 429, ""));
    assertVerdict(Blame.LIMIT, Kind.RATE_LIMITED, classify("eth_call", 429, "<html>"));
    assertVerdict(
        Blame.LIMIT,
        Kind.RATE_LIMITED,
        classify("eth_call", 403, "{\"message\":\"Too many requests\"}"));
    assertVerdict(
        Blame.LIMIT, Kind.RATE_LIMITED, classify("eth_call", 200, "{\"error\":\"rate limit\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Monthly capacity limit exceeded",
        "You have reached the free tier",
        "limit for your current plan",
        "see https://x.example/billing"
      })
  void row4Plans(String message) {
    assertVerdict(Blame.ACCOUNT, Kind.PLAN_EXHAUSTED, error("eth_call", 200, PLAIN, message));
    assertVerdict(Blame.ACCOUNT, Kind.PLAN_EXHAUSTED, error("eth_call", 429, 429, message));
  }

  @Test
  void row4PlansByStatus() {
    assertVerdict(Blame.ACCOUNT, Kind.PLAN_EXHAUSTED, classify("eth_call", 402, ""));
    assertVerdict(Blame.ACCOUNT, Kind.PLAN_EXHAUSTED, error("eth_call", 200, 402, "?"));
  }

  @Test
  void row5SequencerLimits() {
    assertVerdict(
        Blame.CLIENT,
        Kind.SENDER_LIMITED,
        error("eth_sendRawTransaction", 200, PLAIN, "sender is over rate limit"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing trie node 0123 (path )",
        "header not found",
        "Unknown block",
        "No state available for block",
        "historical state 0xab is not available",
        "requested block is after last accepted block",
        "cannot query unfinalized data",
        "state purged for block 1",
        "Block with such an ID is pruned",
        "Version has either been pruned, or is for a future block",
        "failed to load state at height 5",
        "request beyond head block",
        "genesis is not traceable",
        "BlockOutOfRangeError: block height is 1 but requested was 2",
        "pruned history unavailable"
      })
  void row6MissingState(String message) {
    for (long code : new long[] {PLAIN, -32001, -32602, -32603, 4444}) {
      assertVerdict(Blame.DATA, Kind.STATE_MISSING, error("eth_call", 200, code, message));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "finalized block not found",
        "pending is not supported",
        "safe block not found",
        "malformed blocknumber"
      })
  void row9Tags(String message) {
    assertVerdict(Blame.DATA, Kind.TAG_UNSUPPORTED, error("eth_call", 200, -39001, message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3|execution reverted: Too Many Requests",
        "3|?",
        "-32000|execution reverted",
        "-32015|VM execution error.",
        "-32015|?",
        "-32000|EVM error: InvalidJump",
        "-32000|EVM error: OutOfGas",
        "-32603|Error: VM Exception while processing transaction: reverted",
        "-32603|VM Exception: header not found",
        "-32000|err: execution reverted (supplied gas 1)",
        "-32000|out of gas"
      })
  void row10Reverts(long code, String message) {
    assertVerdict(Blame.CLIENT, Kind.REVERT, error("eth_call", 200, code, message));
    assertVerdict(Blame.CLIENT, Kind.REVERT, error("eth_call", 500, code, message));
  }

  @Test
  void row10RevertsByData() {
    assertVerdict(
        Blame.CLIENT,
        Kind.REVERT,
        classify(
            "eth_call",
            200,
            "{\"error\":{\"code\":-32000,\"message\":\"?\",\"data\":\"Reverted 0x08c379a0\"}}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "already known",
        "known transaction: 0xab",
        "transaction already imported",
        "tx already in mempool",
        "ALREADY_EXISTS: already known",
        "AlreadyKnown"
      })
  void row11KnownTransactions(String message) {
    assertVerdict(
        Blame.NONE, Kind.ALREADY_KNOWN, error("eth_sendRawTransaction", 200, PLAIN, message));
    assertVerdict(
        Blame.NONE, Kind.ALREADY_KNOWN, error("eth_sendRawTransaction", 200, -32003, message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonce too low: next nonce 2, tx nonce 1", "Nonce has already been used"})
  void row12Nonces(String message) {
    assertVerdict(
        Blame.CLIENT, Kind.NONCE_TOO_LOW, error("eth_sendRawTransaction", 200, -32003, message));
    assertVerdict(
        Blame.CLIENT, Kind.NONCE_TOO_LOW, error("eth_sendRawTransaction", 200, PLAIN, message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replacement transaction underpriced",
        "transaction fee too low",
        "existing transaction had higher priority",
        "rejected",
        "txpool is full",
        "queued sub-pool is full"
      })
  void row13PoolPolicy(String message) {
    assertVerdict(
        Blame.DATA, Kind.POOL_POLICY, error("eth_sendRawTransaction", 200, PLAIN, message));
  }

  @Test
  void row13OnlyBareRejectedIsPolicy() {
    assertVerdict(
        Blame.CLIENT, Kind.OTHER, error("eth_sendRawTransaction", 200, PLAIN, "rejected: spam"));
  }

  @Test
  void row14Funds() {
    String message = "insufficient funds for gas * price + value";
    assertVerdict(
        Blame.CLIENT,
        Kind.INSUFFICIENT_FUNDS,
        error("eth_sendRawTransaction", 200, PLAIN, message));
    assertVerdict(
        Blame.CLIENT, Kind.INSUFFICIENT_FUNDS, error("eth_estimateGas", 200, PLAIN, message));
    assertVerdict(
        Blame.DATA, Kind.INSUFFICIENT_FUNDS, error("debug_traceCall", 200, PLAIN, message));
  }

  @Test
  void row15Malformed() {
    String method = "eth_sendRawTransaction";
    assertVerdict(
        Blame.CLIENT,
        Kind.MALFORMED_TRANSACTION,
        error(method, 200, PLAIN, "typed transaction too short"));
    assertVerdict(
        Blame.CLIENT,
        Kind.MALFORMED_TRANSACTION,
        error(method, 200, PLAIN, "rlp: element is larger than containing list"));
    assertVerdict(
        Blame.DATA,
        Kind.TYPE_UNSUPPORTED,
        error(method, 200, PLAIN, "transaction type not supported"));
    assertVerdict(
        Blame.DATA, Kind.TYPE_UNSUPPORTED, error(method, 200, PLAIN, "unknown transaction type"));
  }

  @ParameterizedTest
  @CsvSource({
    "-32601, ?",
    "-32004, Method eth_x not supported",
    "-32000, the method eth_x does not exist/is not available",
    "-32000, rpc method is not whitelisted",
    "-32600, this method is not included in your current plan",
    "-32000, The method eth_call is not supported."
  })
  void row16MissingMethods(long code, String message) {
    assertVerdict(Blame.DATA, Kind.METHOD_MISSING, error("eth_call", 200, code, message));
  }

  @ParameterizedTest
  @ValueSource(ints = {405, 415})
  void row16MissingMethodsByStatus(int status) {
    assertVerdict(Blame.DATA, Kind.METHOD_REFUSED, classify("eth_call", status, ""));
  }

  @ParameterizedTest
  @ValueSource(longs = {-32004, -32001, -32612, -32613})
  void row16MissingMethodsByCodesThatMeanOtherThingsToo(long code) {
    assertVerdict(Blame.DATA, Kind.METHOD_REFUSED, error("eth_call", 200, code, "?"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, -32600, Must be authenticated!", "200, -32600, invalid access key",
        "200, -32000, token is invalid",
    "200, -32000, UNAUTHORIZED: no", "401, -32000, ?", "403, -32000, ?"
  })
  void row17Credentials(int status, long code, String message) {
    assertVerdict(Blame.ACCOUNT, Kind.CREDENTIALS, error("eth_call", status, code, message));
  }

  @Test
  void row17CredentialsWithoutJson() {
    assertVerdict(Blame.ACCOUNT, Kind.CREDENTIALS, classify("eth_call", 401, ""));
    assertVerdict(Blame.ACCOUNT, Kind.CREDENTIALS, classify("eth_call", 403, "<html>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "<!DOCTYPE html><title>x</title>", "", "error code: 521"})
  void row18NotJson(String page) {
    assertVerdict(Blame.UPSTREAM, Kind.NOT_JSON, classify("eth_call", 200, page));
    assertVerdict(Blame.UPSTREAM, Kind.NOT_JSON, classify("eth_call", 404, page));
    assertVerdict(Blame.UPSTREAM, Kind.NODE_GAVE_UP, classify("eth_call", 502, page));
  }

  @Test
  void row18CutBodies() {
    assertVerdict(
        Blame.UPSTREAM, Kind.NOT_AN_ANSWER, classify("eth_call", 200, "{\"jsonrpc\":\"2.0\","));
    assertVerdict(Blame.UPSTREAM, Kind.NOT_AN_ANSWER, classify("eth_call", 200, "{}"));
    assertVerdict(Blame.UPSTREAM, Kind.NOT_AN_ANSWER, classify("eth_call", 200, "[]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"execution timeout", "request timed out", "request failed or timed out"})
  void row19GivingUp(String message) {
    assertVerdict(Blame.UPSTREAM, Kind.NODE_GAVE_UP, error("eth_call", 200, -32603, message));
    assertVerdict(
        Blame.DATA, Kind.CALL_TOO_HEAVY, error("debug_traceTransaction", 200, PLAIN, message));
    assertVerdict(Blame.DATA, Kind.CALL_TOO_HEAVY, error("eth_getLogs", 200, PLAIN, message));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 521})
  void row19GivingUpByStatus(int status) {
    assertVerdict(Blame.UPSTREAM, Kind.NODE_GAVE_UP, error("eth_call", status, PLAIN, "?"));
    assertVerdict(
        Blame.UPSTREAM,
        Kind.NODE_GAVE_UP,
        error("eth_getLogs", status, PLAIN, "request timed out"));
  }

  /** Besu has codes of its own that mean rate limits and missing methods elsewhere. */
  @ParameterizedTest
  @CsvSource({
    "-32001, Nonce too low, CLIENT, NONCE_TOO_LOW",
    "-32004, Upfront cost exceeds account balance, CLIENT, INSUFFICIENT_FUNDS",
    "-32005, Transaction gas limit exceeds block gas limit, CLIENT, MALFORMED_TRANSACTION",
    "-32003, Intrinsic gas exceeds gas limit, CLIENT, MALFORMED_TRANSACTION",
    "-32006, Nonce too high, DATA, POOL_POLICY",
    "-32007, Sender account not authorized to send transactions, DATA, POOL_POLICY",
    "-32008, Initial sync is still in progress, DATA, STATE_MISSING",
    "-32009, Gas price below configured minimum gas price, DATA, POOL_POLICY",
    "-32000, Known transaction, NONE, ALREADY_KNOWN"
  })
  void wordsCountBeforeCodes(long code, String message, Blame blame, Kind kind) {
    assertVerdict(blame, kind, error("eth_sendRawTransaction", 200, code, message));
  }

  @Test
  void wrongNoncesOfSimulationsAreTheClients() {
    assertVerdict(
        Blame.CLIENT,
        Kind.OTHER,
        error("eth_simulateV1", 200, -32603, "err: nonce too low: address 0x1"));
    assertVerdict(
        Blame.CLIENT,
        Kind.INSUFFICIENT_FUNDS,
        error("eth_call", 200, -32004, "Upfront cost exceeds account balance"));
    assertVerdict(
        Blame.CLIENT,
        Kind.RANGE_TOO_LARGE,
        error("eth_getLogs", 200, -32005, "Requested range exceeds maximum RPC range limit"));
  }

  @Test
  void row22LostFilters() {
    assertVerdict(
        Blame.CLIENT,
        Kind.FILTER_NOT_FOUND,
        error("eth_getFilterChanges", 200, PLAIN, "filter not found"));
  }

  @Test
  void internalErrorsAreTheUpstreams() {
    assertVerdict(
        Blame.UPSTREAM, Kind.INTERNAL_ERROR, error("eth_call", 200, -32603, "Internal error"));
    assertVerdict(Blame.UPSTREAM, Kind.INTERNAL_ERROR, error("eth_call", 200, -32603, "?"));
    assertVerdict(
        Blame.UPSTREAM,
        Kind.INTERNAL_ERROR,
        error("eth_call", 200, PLAIN, "Internal Server Error"));
  }

  @Test
  void otherErrorsAreTheClients() {
    assertVerdict(Blame.CLIENT, Kind.OTHER, error("eth_call", 200, PLAIN, "gas uint64 overflow"));
    assertVerdict(
        Blame.CLIENT, Kind.BAD_PARAMETERS, error("eth_call", 200, -32602, "invalid argument 0"));
    assertVerdict(
        Blame.CLIENT, Kind.BAD_PARAMETERS, error("eth_call", 400, -32600, "invalid request"));
    assertVerdict(Blame.CLIENT, Kind.OTHER, classify("eth_call", 200, "{\"error\":{}}"));
  }

  @Test
  void wordsOfTransactionsCountForTransactionsOnly() {
    assertVerdict(Blame.CLIENT, Kind.OTHER, error("eth_call", 200, PLAIN, "already known"));
  }
}
