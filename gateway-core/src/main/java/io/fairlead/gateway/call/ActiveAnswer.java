package io.fairlead.gateway.call;

/** The calls of one request while they are under way, seen from the client's connection. */
public interface ActiveAnswer {
  /** The client is gone: nobody wants the answer. */
  void abandon();

  /** Whether the client can take more of the answer. */
  void setReading(boolean on);
}
