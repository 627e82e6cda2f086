package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.metrics.RefusalReason;
import io.fairlead.gateway.websocket.Upgrade;
import io.fairlead.gateway.websocket.Visit;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.AsciiString;
import java.net.InetAddress;

/**
 * What comes of a CONNECT on a stream of HTTP/2: a WebSocket if it is an extended one that is as it
 * should be.
 *
 * <p>Source: RFC 8441, sections 4 and 5; RFC 9113, section 8.5.
 */
sealed interface StreamUpgrade {
  /** The field that makes a CONNECT an extended one. */
  AsciiString PROTOCOL =
      AsciiString.cached(Http2Headers.PseudoHeaderName.PROTOCOL.value().toString());

  /**
   * The stream goes on as WebSocket.
   *
   * @param visit who asks for which chain
   * @param upgrade what was agreed
   */
  record Agreed(Visit visit, Upgrade.Agreed upgrade) implements StreamUpgrade {}

  /**
   * It does not.
   *
   * @param status of the answer
   * @param reason for the metrics
   * @param text for the client
   */
  record Refused(int status, RefusalReason reason, String text) implements StreamUpgrade {}

  /**
   * Looks at a CONNECT.
   *
   * @param head with clean fields; a scheme and a path if it is an extended one
   * @param address where the client is
   */
  static StreamUpgrade of(Http2HeadersFrame head, InetAddress address, RpcServer server) {
    Http2Headers headers = head.headers();
    CharSequence protocol = headers.get(PROTOCOL);
    if (protocol == null) {
      return new Refused(405, RefusalReason.WRONG_VERB, ":protocol: none (expected: websocket)");
    }
    if (!HttpHeaderValues.WEBSOCKET.contentEquals(protocol)) {
      return new Refused(
          501, RefusalReason.BAD_UPGRADE, ":protocol: unknown (expected: websocket)");
    }
    if (server.isDraining()) {
      return new Refused(503, RefusalReason.GOING_DOWN, "the gateway is going down");
    }
    ServingPlan plan = server.plan();
    String path = headers.path().toString();
    ChainRuntime chain = plan.chainAt(path);
    if (chain == null) {
      return new Refused(404, RefusalReason.UNKNOWN_CHAIN, RequestHead.noChainText(plan));
    }
    if (head.isEndStream()) {
      return new Refused(400, RefusalReason.BAD_UPGRADE, "END_STREAM: set (expected: unset)");
    }
    return agree(headers, new Visit("/" + chain.name(), chain.name(), plan.keyIn(path), address));
  }

  private static StreamUpgrade agree(Http2Headers headers, Visit visit) {
    Upgrade upgrade =
        Upgrade.overHttp2(
            headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION),
            headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
    if (upgrade instanceof Upgrade.Agreed agreed) {
      return new Agreed(visit, agreed);
    }
    Upgrade.Refused refused = (Upgrade.Refused) upgrade;
    return new Refused(refused.status(), RefusalReason.BAD_UPGRADE, refused.text());
  }
}
