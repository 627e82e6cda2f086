package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.h2.RequestField;
import io.fairlead.gateway.upstream.h2.RequestTemplate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The head of every request to one upstream, encoded once; only the body's length is filled in.
 *
 * <p>Thread-safety: immutable.
 */
final class RequestHead {
  private static final int MAX_LENGTH_DIGITS = 10;
  private static final byte[] END = {'\r', '\n', '\r', '\n'};

  private static final List<Header> OWN_FIELDS =
      List.of(
          new Header("User-Agent", "fairlead"),
          new Header("Accept", "application/json"),
          new Header("Content-Type", "application/json"));

  private final byte[] prefix;

  RequestHead(UpstreamAddress address) {
    StringBuilder head = new StringBuilder(256);
    head.append("POST ").append(address.path()).append(" HTTP/1.1\r\n");
    append(head, "Host", address.authority());
    fields(address).forEach(field -> append(head, field.name(), field.value()));
    head.append("Content-Length: ");
    prefix = head.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The fields of a request besides those that frame and direct it. */
  private static List<Header> fields(UpstreamAddress address) {
    List<Header> fields = new ArrayList<>();
    for (Header own : OWN_FIELDS) {
      if (address.headers().stream().noneMatch(h -> h.name().equalsIgnoreCase(own.name()))) {
        fields.add(own);
      }
    }
    fields.addAll(address.headers());
    return fields;
  }

  /**
   * The same head for HTTP/2. The path may hold a key and is a secret, as all fields are that the
   * operator gave a value to.
   */
  static RequestTemplate template(UpstreamAddress address) {
    List<RequestField> fields = new ArrayList<>();
    fields.add(new RequestField(":method", "POST", false));
    fields.add(new RequestField(":scheme", address.isTls() ? "https" : "http", false));
    fields.add(new RequestField(":authority", address.authority(), false));
    fields.add(new RequestField(":path", address.path(), !address.path().equals("/")));
    for (Header field : fields(address)) {
      String name = field.name().toLowerCase(Locale.ROOT);
      fields.add(new RequestField(name, field.value(), !OWN_FIELDS.contains(field)));
    }
    return new RequestTemplate(fields);
  }

  private static void append(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /**
   * A buffer that begins with the head and has room for more.
   *
   * @param allocator where it comes from
   * @param contentLength the body's length
   * @param roomBytes how much will be appended by the caller
   * @return a new buffer, owned by the caller
   */
  ByteBuf write(ByteBufAllocator allocator, int contentLength, int roomBytes) {
    ByteBuf out =
        allocator.directBuffer(prefix.length + MAX_LENGTH_DIGITS + END.length + roomBytes);
    append(out, contentLength);
    return out;
  }

  /** Appends the head to a buffer. */
  void append(ByteBuf out, int contentLength) {
    out.writeBytes(prefix);
    writeDecimal(out, contentLength);
    out.writeBytes(END);
  }

  private static void writeDecimal(ByteBuf out, int value) {
    int divisor = 1;
    while (value / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      out.writeByte('0' + value / divisor % 10);
    }
  }
}
