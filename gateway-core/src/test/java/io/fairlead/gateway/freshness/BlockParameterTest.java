package io.fairlead.gateway.freshness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.jsonrpc.CallEdit;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.RequestScanner;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpec.Shows;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockParameterTest {
  private static final String HASH = "0x" + "ab".repeat(32);

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text.replace('\'', '"'), StandardCharsets.UTF_8);
  }

  private static CallSpans scan(ByteBuf body) {
    RequestScanner scanner = new RequestScanner(4, 64, new byte[4096]);
    scanner.reset();
    scanner.feed(body);
    scanner.finish();
    CallSpans spans = new CallSpans();
    spans.copyFrom(scanner.call(scanner.size() - 1));
    return spans;
  }

  private static long read(String method, String params) {
    ByteBuf body = bytes("{'id':1,'method':'" + method + "','params':" + params + "}");
    CallSpans spans = scan(body);
    MethodSpec spec = MethodSpecs.evm().find(body, spans);
    return BlockParameter.read(body, spans, spec);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "eth_getBalance | ['0xa','latest'] | -1",
        "eth_getBalance | ['0xa'] | -1",
        "eth_getBalance | [] | -6",
        "eth_getBalance | {'address':'0xa'} | -6",
        "eth_getBalance | ['0xa',null] | -6",
        "eth_getBalance | ['0xa','pending'] | -2",
        "eth_getBalance | ['0xa','safe'] | -3",
        "eth_getBalance | ['0xa','finalized'] | -4",
        "eth_getBalance | ['0xa','earliest'] | 0",
        "eth_getBalance | ['0xa','0x1f'] | 31",
        "eth_getBalance | ['0xa','later'] | -6",
        "eth_getBalance | ['0xa',{'blockNumber':'0x1f'}] | 31",
        "eth_getBalance | ['0xa',{'blockNumber':'latest'}] | -6",
        "eth_getBalance | ['0xa',{'blockHash':'0x1','requireCanonical':true}] | -5",
        "eth_getStorageAt | ['0xa','0x0'] | -1",
        "eth_call | [{'to':'0xa'},'0x7',{}] | 7",
        "eth_getBlockByNumber | ['latest',false] | -1"
      })
  void theBlockParameterIsRead(String method, String params, long expected) {
    assertEquals(expected, read(method, params));
  }

  private static String edit(String body, int position, String json) {
    ByteBuf scanned = bytes(body);
    CallSpans spans = scan(scanned);
    CallSpans edited = new CallSpans();
    ByteBuf written =
        CallEdit.withParameter(
            UnpooledByteBufAllocator.DEFAULT,
            scanned,
            spans,
            new CallEdit.Parameter(position, json),
            edited);
    String text = written.toString(StandardCharsets.UTF_8);
    assertSameSpans(scan(written), edited);
    written.release();
    return text.replace('"', '\'');
  }

  private static void assertSameSpans(CallSpans expected, CallSpans actual) {
    assertEquals(expected.start(), actual.start());
    assertEquals(expected.end(), actual.end());
    assertEquals(expected.idStart(), actual.idStart());
    assertEquals(expected.idLength(), actual.idLength());
    assertEquals(expected.methodStart(), actual.methodStart());
    assertEquals(expected.methodLength(), actual.methodLength());
    assertEquals(expected.paramsStart(), actual.paramsStart());
    assertEquals(expected.paramsLength(), actual.paramsLength());
    assertEquals(expected.parameterCount(), actual.parameterCount());
    for (int i = 0; i < CallSpans.PARAMETERS_KEPT; i++) {
      assertEquals(expected.parameterStart(i), actual.parameterStart(i), "parameter " + i);
      assertEquals(expected.parameterLength(i), actual.parameterLength(i), "parameter " + i);
    }
  }

  @Test
  void aParameterIsReplacedOrAppendedAndNothingElseChanges() {
    assertEquals(
        "{'id':'ü','method':'eth_getBalance','params':['0xa' ,  '0x10' ],'jsonrpc':'2.0'}",
        edit(
            "{'id':'ü','method':'eth_getBalance','params':['0xa' ,  'latest' ],'jsonrpc':'2.0'}",
            1,
            "\"0x10\""));
    assertEquals(
        "{'params':[{'to':'0xa'},'0x10'],'method':'eth_call','id':1}",
        edit("{'params':[{'to':'0xa'}],'method':'eth_call','id':1}", 1, "\"0x10\""));
    assertEquals(
        "{'method':'eth_call','params':[{},'0x1'],'id':2}",
        edit("[{'id':1,'method':'a'}, {'method':'eth_call','params':[{}],'id':2}]", 1, "\"0x1\""));
  }

  private static String resolved(String filter) {
    ByteBuf body = bytes(filter);
    LogRange range = new LogRange(body, 0, body.writerIndex());
    return range.isPlain()
        ? range.with(bound -> bound == BlockParameter.LATEST ? 16 : bound).replace('"', '\'')
        : "as it is";
  }

  @Test
  void inALogFilterWhatIsSaidOrMeantAsLatestBecomesAHeight() {
    assertEquals("{'fromBlock':'0x10','toBlock':'0x10'}", resolved("{}"));
    assertEquals(
        "{'address':'0xa','fromBlock':'0x10','toBlock':'0x10'}", resolved("{'address':'0xa'}"));
    assertEquals(
        "{'toBlock':'0x10','fromBlock':'0x1'}", resolved("{'toBlock':'latest','fromBlock':'0x1'}"));
    assertEquals(
        "{'fromBlock' : '0x1', 'topics':[null] ,'toBlock':'0x10'}",
        resolved("{'fromBlock' : '0x1', 'topics':[null] }"));
    assertEquals(
        "{'fromBlock':'0x1','toBlock':'0x10'}", resolved("{'fromBlock':'0x1','toBlock':null}"));
    assertEquals(
        "{'fromBlock':'0x1','toBlock':'pending'}",
        resolved("{'fromBlock':'0x1','toBlock':'pending'}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'blockHash':'0x1'}",
        "{'fromBlock':'0x1','fromBlock':'0x2'}",
        "{'fromBlock':7}",
        "{'from\\u0042lock':'0x1'}",
        "'latest'"
      })
  void otherFiltersStayAsTheyAre(String filter) {
    assertEquals("as it is", resolved(filter));
  }

  @Test
  void aResultSaysItsBlockHoweverItIsWrittenAndCut() {
    BlockSight sight = new BlockSight();
    String block = "{'a':{'number':'0x1'},'hash' : '" + HASH + "' , 'number':'0x1f','z':[1]}";
    ByteBuf whole = bytes(block);
    assertTrue(sight.read(Shows.NUMBER, whole, 0, whole.writerIndex()));
    assertEquals(31, sight.number());
    assertTrue(sight.isHash(HASH.toUpperCase(java.util.Locale.ROOT).replace('X', 'x')));
    assertFalse(sight.isHash("0x" + "ac".repeat(32)));
    for (int end = 0; end < whole.writerIndex(); end++) {
      sight.read(Shows.NUMBER, whole, 0, end);
      assertTrue(sight.number() == BlockSight.NONE || sight.number() == 31, "cut at " + end);
    }
    ByteBuf height = bytes("'0x20','id':'x'}");
    assertTrue(sight.read(Shows.RESULT, height, 0, height.writerIndex()));
    assertEquals(32, sight.number());
    ByteBuf pending = bytes("{'blockHash':null,'blockNumber':null}");
    assertFalse(sight.read(Shows.BLOCK_NUMBER, pending, 0, pending.writerIndex()));
  }
}
