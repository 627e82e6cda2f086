package io.fairlead.gateway.upstream;

/** When an upstream is spoken to in HTTP/2. */
public enum Http2Use {
  /** Over TLS, if it chooses it (ALPN); never without TLS. */
  AUTO,
  /** Never. */
  OFF,
  /** Always: it is known to speak nothing else. */
  PRIOR_KNOWLEDGE
}
