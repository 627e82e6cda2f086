package io.fairlead.gateway.net;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/**
 * Trailers that nobody will read: all are dropped, and no message needs a table of its own for
 * them. How long they may be is the decoder's to say.
 *
 * <p>Thread-safety: safe, without state.
 */
public final class DroppedTrailers extends EmptyHttpHeaders {
  /** For decoders. */
  public static final HttpHeadersFactory FACTORY = new Factory();

  private static final HttpHeaders NOTHING = new DroppedTrailers();

  private DroppedTrailers() {}

  @Override
  public HttpHeaders add(String name, Object value) {
    return this;
  }

  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    return this;
  }

  /** Always the same. */
  private static final class Factory implements HttpHeadersFactory {
    @Override
    public HttpHeaders newHeaders() {
      return NOTHING;
    }

    @Override
    public HttpHeaders newEmptyHeaders() {
      return NOTHING;
    }
  }
}
