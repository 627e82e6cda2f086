package io.fairlead.routing;

/**
 * Who is to be held to account for how an attempt ended.
 *
 * <p>Only {@link #UPSTREAM} is evidence of ill health.
 */
public enum Blame {
  /** Nobody: the attempt was answered with a result. */
  NONE,
  /** The client: the error is the right answer, passes through and is never retried. */
  CLIENT,
  /** The upstream: retry elsewhere and count it. */
  UPSTREAM,
  /** This upstream cannot know what was asked; another may. Not ill health. */
  DATA,
  /** A rate limit: hold the upstream off and go elsewhere. Not ill health. */
  LIMIT,
  /** The credential or plan of the upstream: stop using it and tell the operator. */
  ACCOUNT
}
