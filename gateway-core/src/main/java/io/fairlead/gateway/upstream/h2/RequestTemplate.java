package io.fairlead.gateway.upstream.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The head of every request to one upstream, encoded once; only the body's length is filled in.
 *
 * <p>All requests have the same fields, so what HPACK makes of them is known beforehand: the first
 * head of a connection puts the fields into the other side's table, all later ones are the indexes
 * of these entries, a byte each, and the secrets in full, marked as never to be kept. To a server
 * that wants a smaller table than the one HTTP/2 begins with, heads go without any.
 *
 * <p>Thread-safety: immutable. Source: RFC 7541, sections 4.2, 6 and 7.1.
 */
public final class RequestTemplate {
  private final byte[] first;
  private final byte[] next;
  private final byte[] shrinking;
  private final byte[] plain;

  /** How far the table on the other side is known. */
  enum Table {
    /** Nothing was sent. */
    EMPTY,
    /** It holds the fields that may be kept. */
    FILLED,
    /** It is to be given up with the next head. */
    UNWANTED,
    /** There is none. */
    NONE
  }

  /**
   * Encodes the fields.
   *
   * @param fields in their order, pseudo-fields first, without content-length
   */
  public RequestTemplate(List<RequestField> fields) {
    List<byte[]> indexed = encode(fields, false);
    List<byte[]> literal = encode(fields, true);
    boolean isStable = Arrays.equals(indexed.get(1), indexed.get(2));
    shrinking = literal.get(0);
    plain = literal.get(1);
    first = isStable ? indexed.get(0) : shrinking;
    next = isStable ? indexed.get(1) : plain;
  }

  private static List<byte[]> encode(List<RequestField> fields, boolean withoutTable) {
    Http2Headers headers = new DefaultHttp2Headers();
    fields.forEach(field -> headers.add(field.name(), field.value()));
    Set<String> secrets =
        fields.stream()
            .filter(RequestField::secret)
            .map(RequestField::name)
            .collect(Collectors.toUnmodifiableSet());
    try (DefaultHttp2HeadersEncoder encoder =
        new DefaultHttp2HeadersEncoder(
            (name, value) -> secrets.contains(name.toString()), true, 16, 0)) {
      if (withoutTable) {
        encoder.maxHeaderTableSize(0);
      }
      return List.of(encode(encoder, headers), encode(encoder, headers), encode(encoder, headers));
    } catch (Http2Exception e) {
      throw new IllegalArgumentException("fields: (secret) (expected: what HPACK can encode)", e);
    }
  }

  private static byte[] encode(DefaultHttp2HeadersEncoder encoder, Http2Headers headers)
      throws Http2Exception {
    ByteBuf block = Unpooled.buffer();
    encoder.encodeHeaders(1, headers, block);
    return ByteBufUtil.getBytes(block);
  }

  byte[] block(Table table) {
    return switch (table) {
      case EMPTY -> first;
      case FILLED -> next;
      case UNWANTED -> shrinking;
      case NONE -> plain;
    };
  }

  /** The bytes of the longest head, without its length. */
  int longestBytes() {
    return Math.max(first.length, shrinking.length);
  }
}
