package io.fairlead.gateway.jsonrpc;

/** What an upstream's answer turned out to be. */
public enum AnswerKind {
  /** Not known yet. */
  PENDING,
  /** An object with a result. */
  RESULT,
  /** An object with an error. */
  ERROR,
  /** JSON, but neither a result nor an error. */
  NOT_AN_ANSWER,
  /** No JSON: a page of a proxy, an empty body, broken text. */
  NOT_JSON,
  /** The beginning of an answer that ends too early. */
  TRUNCATED
}
