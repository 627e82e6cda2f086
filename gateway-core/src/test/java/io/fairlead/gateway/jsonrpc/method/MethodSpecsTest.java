package io.fairlead.gateway.jsonrpc.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.routing.MethodClass;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.List;
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
            "eth_blockNumber",
            "eth_call",
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

  @Test
  void anEscapedNameIsTheMethodItSpells() {
    assertEquals("eth_call", find("\\u0065th_c\\u0061ll").name());
    assertEquals("*", find("eth\\/call").name());
  }
}
