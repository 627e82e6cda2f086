package io.fairlead.gateway.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * A context that is whichever is in force when a connection begins, for whoever can take one only.
 *
 * <p>Thread-safety: safe.
 */
final class ReloadedContext extends SslContext {
  private final Supplier<SslContext> inForce;

  ReloadedContext(Supplier<SslContext> inForce) {
    this.inForce = inForce;
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return inForce.get().cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in the class that this extends
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return inForce.get().applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return inForce.get().newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return inForce.get().newEngine(allocator, peerHost, peerPort);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return inForce.get().sessionContext();
  }
}
