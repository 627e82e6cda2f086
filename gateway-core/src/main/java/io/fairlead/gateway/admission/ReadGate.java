package io.fairlead.gateway.admission;

import io.netty.channel.Channel;

/**
 * Whether a connection is read: while nobody objects.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
public final class ReadGate {
  private int objections;

  /** Why a connection is not read. */
  public enum Objection {
    /** What was sent ahead is to be answered first. */
    AHEAD,
    /** The client does not take what is written. */
    UNTAKEN,
    /** There is too little memory. */
    MEMORY,
    /** The client was refused and asks again too soon. */
    TOO_SOON
  }

  /** Objects, or no longer does. */
  public void set(Channel channel, Objection why, boolean objects) {
    int bit = 1 << why.ordinal();
    int now = objects ? objections | bit : objections & ~bit;
    boolean changes = (now == 0) != (objections == 0);
    objections = now;
    if (changes) {
      channel.config().setAutoRead(now == 0);
    }
  }

  /** Nobody objects any more. */
  public void open(Channel channel) {
    if (objections != 0) {
      objections = 0;
      channel.config().setAutoRead(true);
    }
  }

  /** Whether it is the gateway that is short of something, not the client that is slow. */
  public boolean isHeldByGateway() {
    int own = 1 << Objection.MEMORY.ordinal() | 1 << Objection.TOO_SOON.ordinal();
    return (objections & own) != 0;
  }
}
