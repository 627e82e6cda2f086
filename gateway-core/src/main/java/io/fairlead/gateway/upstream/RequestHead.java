package io.fairlead.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * The head of every request to one upstream, encoded once; only the body's length is filled in.
 *
 * <p>Thread-safety: immutable.
 */
final class RequestHead {
  private static final int MAX_LENGTH_DIGITS = 10;
  private static final byte[] END = {'\r', '\n', '\r', '\n'};

  private final byte[] prefix;

  RequestHead(UpstreamAddress address) {
    StringBuilder head = new StringBuilder(256);
    head.append("POST ").append(address.path()).append(" HTTP/1.1\r\n");
    append(head, "Host", address.authority());
    if (address.headers().stream().noneMatch(h -> h.name().equalsIgnoreCase("user-agent"))) {
      append(head, "User-Agent", "fairlead");
    }
    if (address.headers().stream().noneMatch(h -> h.name().equalsIgnoreCase("accept"))) {
      append(head, "Accept", "application/json");
    }
    append(head, "Content-Type", "application/json");
    address.headers().forEach(header -> append(head, header.name(), header.value()));
    head.append("Content-Length: ");
    prefix = head.toString().getBytes(StandardCharsets.US_ASCII);
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
