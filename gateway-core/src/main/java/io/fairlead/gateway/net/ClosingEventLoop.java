package io.fairlead.gateway.net;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.concurrent.Executor;

/**
 * An event loop that has closed its channels when it ends, and has told their handlers.
 *
 * <p>Netty's closes them on its way from sockets to tasks. If it is told to end while tasks run it
 * looks for more tasks and, without a quiet period, is gone: the sockets stay open until the
 * process ends, and with them all that their handlers hold. A channel that is opened by the end of
 * another stays open as well. So channels are closed here too, each time Netty asks whether it is
 * done, as long as the loop takes the tasks that come of it.
 *
 * <p>Thread-safety: safe.
 */
final class ClosingEventLoop extends SingleThreadIoEventLoop {
  ClosingEventLoop(IoEventLoopGroup group, Executor thread, IoHandlerFactory sockets) {
    super(group, thread, sockets);
  }

  @Override
  protected boolean confirmShutdown() {
    if (isShuttingDown() && !isShutdown()) {
      ioHandler().prepareToDestroy();
    }
    return super.confirmShutdown();
  }
}
