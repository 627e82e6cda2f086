package io.fairlead.gateway.stream;

/**
 * A way to put questions to one upstream.
 *
 * <p>Thread-safety: confined to the home loop.
 */
public interface UpstreamRpc {
  /**
   * Asks.
   *
   * @param question what
   * @param reply hears the answer, perhaps before this returns
   */
  void ask(RpcQuestion question, RpcReply reply);
}
