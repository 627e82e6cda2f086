package io.fairlead.gateway.jsonrpc.method;

import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which methods a chain or an upstream offers.
 *
 * <p>Patterns are names or beginnings with a star. <b>The most specific pattern that fits a method
 * decides; of two alike, deny.</b> A method that no pattern fits is offered, unless it is private
 * to nodes: then a chain offers it only if an allow pattern is at least as specific as the method
 * data's own row ({@code eth_*} does not open {@code eth_sendTransaction}, {@code personal_*} opens
 * {@code personal_*}). So {@code deny: ["*"]} with {@code allow: ["eth_call"]} offers one method.
 *
 * <p>What the methods with specs of their own get is computed once; only names that fall to a
 * pattern of the method data are compared with patterns at run time.
 *
 * <p>Thread-safety: immutable.
 */
public final class MethodPolicy {
  private final MethodSpecs specs;
  private final List<Rule> rules;
  private final boolean chain;
  private final boolean[] offered;

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and it never leaves the class
  private record Rule(byte[] beginning, boolean exact, boolean allow) {
    static Rule of(String pattern, boolean allow) {
      int star = pattern.indexOf('*');
      if (pattern.isBlank() || (star >= 0 && star != pattern.length() - 1)) {
        throw new IllegalArgumentException(
            "methods: '" + pattern + "' (expected: a name, or a beginning and *)");
      }
      String beginning = star < 0 ? pattern : pattern.substring(0, star);
      return new Rule(JsonSkip.ascii(beginning), star < 0, allow);
    }

    int rank() {
      return 2 * beginning.length + (exact ? 1 : 0);
    }

    boolean fits(ByteBuf buffer, int start, int length) {
      return (exact ? length == beginning.length : length >= beginning.length)
          && MethodName.startsWith(buffer, start, beginning);
    }
  }

  private MethodPolicy(MethodSpecs specs, List<Rule> rules, boolean chain) {
    this.specs = specs;
    this.rules = rules;
    this.chain = chain;
    offered = new boolean[specs.size()];
    for (MethodSpec spec : specs.all()) {
      offered[spec.index()] =
          spec.isExact()
              && decide(spec, Unpooled.wrappedBuffer(spec.bytes()), 0, spec.bytes().length);
    }
  }

  /**
   * What a chain offers.
   *
   * @param specs the chain family's methods
   * @param allow patterns
   * @param deny patterns
   * @return a policy under which node-private methods are offered only if allowed
   */
  public static MethodPolicy ofChain(MethodSpecs specs, List<String> allow, List<String> deny) {
    return new MethodPolicy(specs, rules(allow, deny), true);
  }

  /**
   * What an upstream offers.
   *
   * @param specs the chain family's methods
   * @param allow patterns
   * @param deny patterns
   * @return a policy that knows nothing but the patterns
   */
  public static MethodPolicy ofUpstream(MethodSpecs specs, List<String> allow, List<String> deny) {
    return new MethodPolicy(specs, rules(allow, deny), false);
  }

  /**
   * The methods of which the policy speaks.
   *
   * @return the chain's
   */
  public MethodSpecs specs() {
    return specs;
  }

  /**
   * Whether a call's method is offered.
   *
   * @param spec what {@link MethodSpecs#find} gave for the call
   * @param body the body that was scanned
   * @param call the call's spans
   * @return false if it is to be refused or sent elsewhere
   */
  public boolean isOffered(MethodSpec spec, ByteBuf body, CallSpans call) {
    if (spec.isExact() && specs.isOwn(spec)) {
      return offered[spec.index()];
    }
    if (call.isMethodEscaped()) {
      byte[] name = MethodName.unescape(body, call.methodStart(), call.methodLength());
      return decide(spec, Unpooled.wrappedBuffer(name), 0, name.length);
    }
    return decide(spec, body, call.methodStart(), call.methodLength());
  }

  private boolean decide(MethodSpec spec, ByteBuf buffer, int start, int length) {
    boolean hidden = chain && spec.access() == MethodSpec.Access.NODE_PRIVATE;
    int least = hidden ? 2 * spec.bytes().length + (spec.isExact() ? 1 : 0) : -1;
    for (Rule rule : rules) {
      if (rule.fits(buffer, start, length)) {
        return rule.allow() && rule.rank() >= least;
      }
    }
    return !hidden;
  }

  private static List<Rule> rules(List<String> allow, List<String> deny) {
    List<Rule> rules = new ArrayList<>();
    for (String pattern : deny) {
      rules.add(Rule.of(pattern, false));
    }
    for (String pattern : allow) {
      rules.add(Rule.of(pattern, true));
    }
    rules.sort(Comparator.comparingInt((Rule rule) -> -rule.rank()));
    return List.copyOf(rules);
  }
}
