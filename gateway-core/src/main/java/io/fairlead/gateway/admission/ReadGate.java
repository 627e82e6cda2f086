package io.fairlead.gateway.admission;

import io.netty.channel.Channel;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a connection is read: while nobody objects.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
public final class ReadGate {
  private final Set<Objection> objections = EnumSet.noneOf(Objection.class);

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
    boolean wasOpen = objections.isEmpty();
    boolean changed = objects ? objections.add(why) : objections.remove(why);
    if (changed && wasOpen != objections.isEmpty() && channel.isActive()) {
      channel.config().setAutoRead(!wasOpen);
    }
  }

  /** Whether it is not read for this reason. */
  public boolean isShut(Objection why) {
    return objections.contains(why);
  }

  /** Nobody objects any more. */
  public void open(Channel channel) {
    if (!objections.isEmpty()) {
      objections.clear();
      if (channel.isActive()) {
        channel.config().setAutoRead(true);
      }
    }
  }

  /** Whether it is the gateway that is short of something, not the client that is slow. */
  public boolean isHeldByGateway() {
    return objections.contains(Objection.MEMORY) || objections.contains(Objection.TOO_SOON);
  }
}
