package io.fairlead.gateway.jsonrpc.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.routing.MethodClass;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodSpecsTest {
  private static final MethodSpecs METHODS = MethodSpecs.evm();

  private static MethodSpec find(String name) {
    Calls call = Calls.of(name, "[]");
    return METHODS.find(call.body(), call.spans());
  }

  @Test
  void everyMethodIsFoundByItsName() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < METHODS.size(); i++) {
      MethodSpec spec = METHODS.all().get(i);
      assertEquals(i, spec.index());
      assertTrue(names.add(spec.name()), spec.name());
      if (spec.isExact()) {
        assertSame(spec, find(spec.name()));
        ByteBuf direct = Unpooled.directBuffer().writeByte('x').writeBytes(spec.bytes());
        assertSame(spec, METHODS.find(direct, 1, spec.bytes().length));
        direct.release();
      }
    }
  }

  @Test
  void theMethodsOfTheExecutionSpecificationAreKnown() {
    for (String name :
        List.of(
            "eth_accounts",
            "eth_blobBaseFee",
            "eth_baseFee",
            "eth_blockNumber",
            "eth_call",
            "eth_capabilities",
            "eth_config",
            "eth_fillTransaction",
            "eth_getBlockAccessList",
            "eth_getStorageValues",
            "debug_getRawBlockAccessList",
            "debug_traceBlockByHash",
            "debug_traceBlockByNumber",
            "debug_traceTransaction",
            "txpool_contentFrom",
            "txpool_status",
            "eth_chainId",
            "eth_coinbase",
            "eth_createAccessList",
            "eth_estimateGas",
            "eth_feeHistory",
            "eth_gasPrice",
            "eth_getBalance",
            "eth_getBlockByHash",
            "eth_getBlockByNumber",
            "eth_getBlockReceipts",
            "eth_getBlockTransactionCountByHash",
            "eth_getBlockTransactionCountByNumber",
            "eth_getCode",
            "eth_getFilterChanges",
            "eth_getFilterLogs",
            "eth_getLogs",
            "eth_getProof",
            "eth_getStorageAt",
            "eth_getTransactionByBlockHashAndIndex",
            "eth_getTransactionByBlockNumberAndIndex",
            "eth_getTransactionByHash",
            "eth_getTransactionCount",
            "eth_getTransactionReceipt",
            "eth_getUncleCountByBlockHash",
            "eth_getUncleCountByBlockNumber",
            "eth_maxPriorityFeePerGas",
            "eth_newBlockFilter",
            "eth_newFilter",
            "eth_newPendingTransactionFilter",
            "eth_sendRawTransaction",
            "eth_sendTransaction",
            "eth_simulateV1",
            "eth_syncing",
            "eth_uninstallFilter",
            "net_version",
            "debug_getRawBlock",
            "debug_getRawHeader",
            "debug_getRawReceipts",
            "debug_getRawTransaction",
            "debug_getBadBlocks",
            "txpool_content",
            "web3_clientVersion")) {
      assertEquals(name, find(name).name());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "eth_blockNumber, LIGHT",
    "eth_call, READ",
    "eth_getLogs, LOGS",
    "debug_traceTransaction, TRACE",
    "trace_block, TRACE",
    "eth_sendRawTransaction, WRITE",
    "eth_getTransactionReceipt, LIGHT",
    "trace_newThing, TRACE"
  })
  void methodsHaveClasses(String name, MethodClass expected) {
    assertEquals(expected, find(name).methodClass());
  }

  @Test
  void anUnknownMethodIsOpenAndNotRepeatedAndNamesNothing() {
    MethodSpec spec = find("eth_neverHeardOf");
    assertEquals("*", spec.name());
    assertFalse(spec.isExact());
    assertFalse(spec.isRepeatable());
    assertEquals(MethodSpec.Access.OPEN, spec.access());
    assertEquals(MethodClass.READ, spec.methodClass());
    assertSame(spec, find("x".repeat(1_000)));
    assertSame(spec, find("eth_call\\u0000"));
    assertSame(spec, find("ETH_CALL"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "personal_sign",
        "personal_anything",
        "admin_peers",
        "miner_start",
        "engine_newPayloadV4",
        "clique_propose",
        "anvil_setBalance",
        "hardhat_impersonateAccount",
        "evm_mine",
        "eth_sendTransaction",
        "eth_sign",
        "eth_signTransaction",
        "eth_signTypedData_v4",
        "debug_setHead",
        "\\u0061dmin_peers"
      })
  void whatActsOnANodeIsPrivate(String name) {
    assertEquals(MethodSpec.Access.NODE_PRIVATE, find(name).access());
    assertFalse(find(name).isRepeatable());
  }

  @Test
  void theGatewayAnswersIdentityItself() {
    assertEquals(MethodSpec.Local.CHAIN_ID, find("eth_chainId").local());
    assertEquals(MethodSpec.Local.NET_VERSION, find("net_version").local());
    assertEquals(MethodSpec.Local.ACCOUNTS, find("eth_accounts").local());
    assertEquals(MethodSpec.Access.LOCAL, find("eth_accounts").access());
    assertEquals(MethodSpec.Local.NONE, find("eth_call").local());
    assertEquals(MethodSpec.Access.SUBSCRIPTION, find("eth_subscribe").access());
  }

  @Test
  void filtersBelongToTheirNode() {
    assertEquals(MethodSpec.Filter.CREATES, find("eth_newFilter").filter());
    assertEquals(MethodSpec.Filter.USES, find("eth_getFilterChanges").filter());
    assertEquals(MethodSpec.Filter.NONE, find("eth_getLogs").filter());
    for (MethodSpec spec : METHODS.all()) {
      if (spec.filter() != MethodSpec.Filter.NONE) {
        assertFalse(spec.isRepeatable(), spec.name());
      }
    }
  }

  @Test
  void aRawTransactionMayBeSentAgainButNoOtherWrite() {
    assertTrue(find("eth_sendRawTransaction").isRepeatable());
    assertFalse(find("eth_sendTransaction").isRepeatable());
    assertFalse(find("eth_sendPrivateTransaction").isRepeatable());
  }

  @Test
  void nullIsSuspectWhereDataMayBeBehind() {
    assertTrue(find("eth_getTransactionReceipt").isNullSuspect());
    assertTrue(find("eth_getBlockByNumber").isNullSuspect());
    assertFalse(find("eth_getBalance").isNullSuspect());
  }

  @ParameterizedTest
  @CsvSource({
    "eth_call, ANY",
    "eth_getTransactionReceipt, NOT_NULL",
    "eth_getBlockByNumber, NOT_NULL",
    "eth_sendRawTransaction, BROADCAST",
    "eth_sendPrivateTransaction, ANY",
    "eth_getTransactionCount, MAX",
    "eth_getLogs, LOGS",
    "eth_newFilter, FILTER",
    "eth_getFilterChanges, FILTER",
    "eth_neverHeardOf, ANY"
  })
  void methodsSayToWhomTheyGo(String name, MethodSpec.Dispatch expected) {
    assertEquals(expected, find(name).dispatch());
  }

  @ParameterizedTest
  @CsvSource({
    "eth_blockNumber, NONE",
    "eth_gasPrice, HEAD",
    "eth_getBalance, FINAL",
    "eth_getLogs, FINAL",
    "eth_getTransactionByHash, FINAL",
    "eth_getBlockTransactionCountByHash, FOREVER",
    "web3_sha3, FOREVER",
    "web3_clientVersion, NONE",
    "eth_getFilterChanges, NONE",
    "eth_sendRawTransaction, NONE",
    "txpool_content, NONE",
    "eth_neverHeardOf, NONE"
  })
  void methodsSayForHowLongTheyHold(String name, MethodSpec.CacheRule expected) {
    assertEquals(expected, find(name).cacheRule());
  }

  @ParameterizedTest
  @CsvSource({
    "eth_blockNumber, RESULT",
    "eth_getBlockByNumber, NUMBER",
    "eth_getTransactionReceipt, BLOCK_NUMBER",
    "eth_getBalance, NOTHING"
  })
  void methodsSayWhereTheirResultShowsItsBlock(String name, MethodSpec.Shows expected) {
    assertEquals(expected, find(name).shows());
  }

  @ParameterizedTest
  @CsvSource({
    "eth_call, STATE",
    "eth_getProof, PROOFS",
    "eth_getBlockByNumber, BLOCKS",
    "eth_getTransactionByHash, TRANSACTIONS",
    "eth_getBlockReceipts, RECEIPTS",
    "eth_getLogs, LOGS",
    "trace_block, TRACES",
    "eth_gasPrice, NOTHING",
    "eth_neverHeardOf, NOTHING"
  })
  void methodsSayWhatTheyNeed(String name, DataKind expected) {
    assertEquals(expected, find(name).needs());
  }

  @ParameterizedTest
  @CsvSource({
    "eth_getBalance, 1, true, -1",
    "eth_getStorageAt, 2, true, -1",
    "eth_call, 1, true, -1",
    "eth_getBlockByNumber, 0, false, -1",
    "eth_feeHistory, 1, false, -1",
    "trace_call, 2, false, -1",
    "eth_getLogs, -1, false, 0",
    "eth_blockNumber, -1, false, -1",
    "eth_getTransactionByHash, -1, false, -1"
  })
  void methodsSayWhichParameterNamesTheBlock(
      String name, int block, boolean isOptional, int filter) {
    MethodSpec spec = find(name);
    assertEquals(block, spec.blockPosition());
    assertEquals(isOptional, spec.isBlockOptional());
    assertEquals(filter, spec.logFilterPosition());
  }

  @Test
  void nothingIsKeptThatChangesOrWhoseBlockNobodyCanTell() {
    for (MethodSpec spec : METHODS.all()) {
      boolean isKept = spec.cacheRule() != MethodSpec.CacheRule.NONE;
      boolean changes =
          spec.methodClass() == MethodClass.WRITE
              || !spec.isRepeatable()
              || spec.access() != MethodSpec.Access.OPEN
              || !spec.isExact()
              || spec.dispatch() == MethodSpec.Dispatch.FILTER;
      assertFalse(isKept && changes, spec.name());
      if (spec.cacheRule() == MethodSpec.CacheRule.FINAL) {
        assertTrue(
            spec.blockPosition() >= 0
                || spec.logFilterPosition() >= 0
                || spec.shows() != MethodSpec.Shows.NOTHING,
            spec.name());
      }
    }
  }

  @Test
  void whatIsBriefIsOpenRepeatableAndNeitherLogsNorTraces() {
    for (MethodSpec spec : METHODS.all()) {
      if (spec.isBrief()) {
        assertTrue(spec.isRepeatable(), spec.name());
        assertTrue(spec.isExact(), spec.name());
        assertSame(MethodSpec.Access.OPEN, spec.access(), spec.name());
        assertTrue(
            spec.methodClass() == MethodClass.LIGHT || spec.methodClass() == MethodClass.READ,
            spec.name());
      }
    }
    assertTrue(find("eth_getBalance").isBrief());
    assertFalse(find("eth_call").isBrief());
    assertFalse(find("eth_getLogs").isBrief());
  }

  @Test
  void aRowThatCannotBeReadIsRefused() {
    List<String> good =
        List.of("x", "read", "yes", "block:1?", "number", "state", "any", "final", "open", "brief");
    assertEquals("x", new MethodSpec(0, new MethodRow(good)).name());
    for (int column = 1; column < good.size(); column++) {
      List<String> bad = new ArrayList<>(good);
      bad.set(column, "odd");
      assertThrows(
          IllegalArgumentException.class,
          () -> new MethodSpec(0, new MethodRow(bad)),
          bad.toString());
    }
    assertThrows(IllegalArgumentException.class, () -> new MethodRow(good.subList(0, 9)));
  }

  @Test
  void whatAnOperatorSaysOfAMethodReplacesTheDataColumnByColumn() {
    MethodSpecs specs =
        METHODS.with(
            Map.of(
                "acme_quote",
                Map.of("class", "light", "repeatable", "yes", "head", "block:1?", "cache", "final"),
                "eth_getLogs",
                Map.of("dispatch", "any"),
                "debug_own",
                Map.of("class", "read"),
                "acme_*",
                Map.of("needs", "state")));
    MethodSpec quote = find(specs, "acme_quote");
    assertEquals(MethodClass.LIGHT, quote.methodClass());
    assertTrue(quote.isRepeatable());
    assertEquals(1, quote.blockPosition());
    assertTrue(quote.isBlockOptional());
    assertEquals(MethodSpec.CacheRule.FINAL, quote.cacheRule());
    assertEquals(MethodSpec.Access.OPEN, quote.access());
    assertEquals(MethodSpec.Dispatch.ANY, find(specs, "eth_getLogs").dispatch());
    assertEquals(MethodSpec.CacheRule.FINAL, find(specs, "eth_getLogs").cacheRule());
    assertEquals(MethodSpec.Access.NODE_PRIVATE, find(specs, "debug_own").access());
    assertEquals(DataKind.STATE, find(specs, "acme_other").needs());
    assertEquals("acme_*", find(specs, "acme_other").name());
    assertEquals("*", find(specs, "other_acme").name());
    assertEquals(METHODS.size() + 3, specs.size());
    for (MethodSpec spec : METHODS.all()) {
      assertEquals(spec.name(), specs.all().get(spec.index()).name());
    }
    assertEquals("*", find("acme_quote").name());
    assertSame(METHODS, METHODS.with(Map.of()));
    assertThrows(
        IllegalArgumentException.class, () -> METHODS.with(Map.of("a", Map.of("colour", "red"))));
  }

  private static MethodSpec find(MethodSpecs specs, String name) {
    Calls call = Calls.of(name, "[]");
    return specs.find(call.body(), call.spans());
  }

  @Test
  void anEscapedNameIsTheMethodItSpells() {
    assertEquals("eth_call", find("\\u0065th_c\\u0061ll").name());
    assertEquals("*", find("eth\\/call").name());
  }
}
