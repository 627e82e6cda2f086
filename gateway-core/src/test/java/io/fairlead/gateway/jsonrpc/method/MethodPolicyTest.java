package io.fairlead.gateway.jsonrpc.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fairlead.gateway.jsonrpc.Calls;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodPolicyTest {
  private static final MethodSpecs METHODS = MethodSpecs.evm();

  private static MethodPolicy chain(List<String> allow, List<String> deny) {
    return MethodPolicy.ofChain(METHODS, allow, deny);
  }

  private static void assertOffered(boolean expected, MethodPolicy policy, String... methods) {
    for (String method : methods) {
      Calls call = Calls.of(method, "[]");
      MethodSpec spec = METHODS.find(call.body(), call.spans());
      assertEquals(expected, policy.isOffered(spec, call.body(), call.spans()), method);
    }
  }

  @Test
  void aChainOffersAllButWhatActsOnANode() {
    MethodPolicy policy = chain(List.of(), List.of());
    assertOffered(
        true, policy, "eth_call", "debug_traceTransaction", "eth_anythingElse", "eth_accounts");
    assertOffered(
        false,
        policy,
        "eth_sendTransaction",
        "eth_sign",
        "eth_signTypedData_v4",
        "admin_peers",
        "debug_setHead");
    assertOffered(
        false, policy, "\\u0061dmin_peers", "p\\u0065rsonal_sign", "eth_send\\u0054ransaction");
  }

  @Test
  void aPrivateMethodIsOpenedByItsNameOrItsFamily() {
    MethodPolicy policy =
        chain(List.of("admin_peers", "personal_*", "eth_sendTransaction"), List.of());
    assertOffered(
        true, policy, "admin_peers", "personal_sign", "eth_sendTransaction", "\\u0061dmin_peers");
    assertOffered(false, policy, "admin_nodeInfo", "eth_sign");
  }

  @Test
  void aWidePatternOpensNothingPrivate() {
    MethodPolicy policy = chain(List.of("*", "eth_*"), List.of());
    assertOffered(true, policy, "eth_call", "foo_bar");
    assertOffered(
        false, policy, "eth_sendTransaction", "eth_signTransaction", "anvil_mine", "personal_sign");
  }

  @Test
  void theMostSpecificPatternDecides() {
    MethodPolicy policy =
        chain(List.of("debug_traceTransaction"), List.of("debug_*", "eth_getLogs"));
    assertOffered(true, policy, "debug_traceTransaction", "eth_call");
    assertOffered(false, policy, "debug_traceCall", "debug_unheardOf", "eth_getLogs");
    MethodPolicy only = chain(List.of("eth_call"), List.of("*"));
    assertOffered(true, only, "eth_call");
    assertOffered(false, only, "eth_getBalance", "foo", "eth_callMany");
  }

  @Test
  void ofTwoAlikeDenyDecides() {
    assertOffered(false, chain(List.of("eth_call"), List.of("eth_call")), "eth_call");
  }

  @Test
  void anUpstreamOffersWhatItsPatternsSay() {
    MethodPolicy policy =
        MethodPolicy.ofUpstream(METHODS, List.of(), List.of("debug_*", "trace_*"));
    assertOffered(true, policy, "eth_call", "admin_peers");
    assertOffered(false, policy, "debug_traceCall", "trace_block", "trace_newThing");
  }

  @Test
  void aPatternHasItsStarAtTheEnd() {
    for (String pattern : List.of("", " ", "eth_*_x", "*_x", "eth_**")) {
      assertThrows(
          IllegalArgumentException.class, () -> chain(List.of(pattern), List.of()), pattern);
    }
  }
}
