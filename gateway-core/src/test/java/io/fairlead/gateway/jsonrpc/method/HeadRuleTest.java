package io.fairlead.gateway.jsonrpc.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fairlead.gateway.jsonrpc.Calls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadRuleTest {
  private static final MethodSpecs METHODS = MethodSpecs.evm();
  private static final String HASH = "0x" + "ab".repeat(32);

  private static long block(String method, String params) {
    Calls call = Calls.of(method, params.replace("HASH", HASH).replace('\'', '"'));
    MethodSpec spec = METHODS.find(call.body(), call.spans());
    long block = spec.block(call.body(), call.spans());
    assertEquals(
        block == HeadRule.NEWEST, spec.isHeadSensitive(call.body(), call.spans()), method + params);
    return block;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "eth_getBalance|['0xa','latest']",
        "eth_getBalance|['0xa', 'pending' ]",
        "eth_getBalance|['0xa']",
        "eth_getBalance|[]",
        "eth_getBalance|{'address':'0xa','block':'0x1'}",
        "eth_getBalance|null",
        "eth_call|[{'data':'\\'}0x1'},null]",
        "eth_call|[{},'LATEST']",
        "eth_call|[{},'0xzz']",
        "eth_call|[{},5]",
        "eth_call|[{},{}]",
        "eth_call|[{},{'blockNumber':'latest'}]",
        "eth_call|[{},{'requireCanonical':true}]",
        "eth_getBlockByNumber|['latest',false]",
        "eth_getLogs|[{}]",
        "eth_getLogs|[{'fromBlock':'0x1'}]",
        "eth_getLogs|[{'fromBlock':'0x1','toBlock':'latest'}]",
        "eth_getLogs|[]",
        "eth_blockNumber|[]",
        "eth_getTransactionReceipt|['HASH']",
        "eth_gasPrice|[]",
        "eth_getTransactionCount|['0xa','pending']",
        "eth_feeHistory|['0x5','latest',[]]",
        "eth_unknown|['0x1']"
      })
  void theNewestStateIsHeadSensitive(String method, String params) {
    assertEquals(HeadRule.NEWEST, block(method, params));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "eth_getBalance|['0xa','0x10']|16",
        "eth_getBalance|['0xa','earliest']|0",
        "eth_getStorageAt|['0xa','0x0','0x0']|0",
        "eth_call|[{'to':{'x':[1,'}',2]}} , '0xff']|255",
        "eth_call|[{},{'blockNumber':'0x5'}]|5",
        "eth_call|[{},{ 'requireCanonical' : true , 'blockNumber' : '0x5' }]|5",
        "eth_getBlockByNumber|['0x1b4',true]|436",
        "eth_getLogs|[{'topics':[['0x1','toBlock'],null],'toBlock':'0x20','fromBlock':'latest'}]|32",
        "trace_call|[{},['trace'],'0x7']|7",
        "eth_feeHistory|[5,'0x9',[10.5]]|9"
      })
  void aNumberIsThatHeight(String method, String params, long height) {
    assertEquals(height, block(method, params));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "eth_getBalance|['0xa','safe']",
        "eth_getBalance|['0xa','finalized']",
        "eth_call|[{},'HASH']",
        "eth_call|[{},{'blockHash':'HASH','requireCanonical':true}]",
        "eth_getLogs|[{'blockHash':'HASH'}]",
        "eth_getLogs|[{'fromBlock':'0x1','toBlock':'finalized'}]"
      })
  void whatIsBehindTheHeadIsNotHeadSensitive(String method, String params) {
    assertEquals(HeadRule.BEHIND_HEAD, block(method, params));
  }

  @ParameterizedTest
  @ValueSource(strings = {"eth_sendRawTransaction", "web3_clientVersion", "eth_getFilterChanges"})
  void someMethodsHaveNoBlock(String method) {
    assertEquals(HeadRule.NONE, block(method, "['0x1']"));
  }

  @Test
  void aRuleThatCannotBeReadIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> HeadRule.parse("sometimes"));
    assertThrows(IllegalArgumentException.class, () -> HeadRule.parse("block:9"));
    assertThrows(IllegalArgumentException.class, () -> HeadRule.parse("bloc:1"));
    assertThrows(IllegalArgumentException.class, () -> HeadRule.parse("range:0?"));
    assertThrows(IllegalArgumentException.class, () -> HeadRule.parse("block:?"));
  }
}
