package io.fairlead.gateway.upstream.socket;

import io.netty.channel.Channel;

/** Hears how an {@link Upgrade} ended, once, on its loop. */
public interface UpgradeListener {
  /**
   * The connection speaks WebSocket.
   *
   * @param channel the callee's to close; its pipeline ends with Netty's decoder and encoder of
   *     frames ({@link Upgrades#DECODER}, {@link Upgrades#ENCODER}), behind which the callee puts
   *     its handler before it returns
   */
  void onUpgraded(Channel channel);

  /**
   * There is no connection.
   *
   * @param failure why
   */
  void onFailed(WireFailure failure);
}
