package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.websocket.Upgrade;
import io.fairlead.gateway.websocket.Visit;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the rpc port needs to know of a request's head, read once.
 *
 * <p>Thread-safety: immutable.
 */
final class RequestHead {
  /** Before the first request. */
  static final RequestHead NONE = new RequestHead();

  private final @Nullable ChainRuntime chain;
  private final @Nullable Refusal refusal;
  private final HttpHeaders headers;
  private final boolean http10;
  private final boolean keepsAlive;
  private final boolean acceptsGzip;
  private final boolean gzipped;
  private final boolean expectsContinue;
  private final @Nullable String apiKey;
  private final @Nullable Upgrade upgrade;

  private RequestHead() {
    chain = null;
    refusal = null;
    headers = EmptyHttpHeaders.INSTANCE;
    http10 = false;
    keepsAlive = true;
    acceptsGzip = false;
    gzipped = false;
    expectsContinue = false;
    apiKey = null;
    upgrade = null;
  }

  private RequestHead(HttpRequest request, ServingPlan plan) {
    headers = request.headers();

    chain = plan.chainAt(request.uri());
    http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    keepsAlive = HttpUtil.isKeepAlive(request);
    acceptsGzip = acceptsGzip(headers.get(HttpHeaderNames.ACCEPT_ENCODING));
    String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    gzipped = encoding != null && HttpHeaderValues.GZIP.contentEqualsIgnoreCase(encoding);
    upgrade = Upgrade.isAskedBy(request) ? Upgrade.of(request) : null;
    expectsContinue = !http10 && HttpUtil.is100ContinueExpected(request);
    refusal = refusal(request, encoding, plan);
    apiKey = refusal == null ? plan.keyIn(request.uri()) : null;
  }

  static RequestHead read(HttpRequest request, ServingPlan plan) {
    return new RequestHead(request, plan);
  }

  private @Nullable Refusal refusal(
      HttpRequest request, @Nullable String encoding, ServingPlan plan) {
    if (request.method().equals(HttpMethod.OPTIONS)) {
      return Refusal.PREFLIGHT;
    }
    if (upgrade == null && !request.method().equals(HttpMethod.POST)) {
      return Refusal.NOT_POST;
    }
    if (chain == null) {
      return Refusal.UNKNOWN_CHAIN;
    }
    if (encoding != null
        && !gzipped
        && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(encoding)) {
      return Refusal.ENCODING;
    }
    if (HttpUtil.getContentLength(request, 0L) > plan.limits().bodyBytes()) {
      return Refusal.TOO_LARGE;
    }
    return null;
  }

  /** The HTTP status for a request that the decoder refused. */
  static int statusOf(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return 414;
    }
    return cause instanceof TooLongHttpHeaderException ? 431 : 400;
  }

  /** Whether an Accept-Encoding field names gzip without weighing it with zero (RFC 9110). */
  static boolean acceptsGzip(@Nullable String field) {
    if (field == null) {
      return false;
    }
    for (String item : field.split(",", -1)) {
      int semicolon = item.indexOf(';');
      String coding = (semicolon < 0 ? item : item.substring(0, semicolon)).strip();
      if (coding.equalsIgnoreCase("gzip") || coding.equals("*")) {
        return semicolon < 0 || !isZeroWeight(item.substring(semicolon + 1).strip());
      }
    }
    return false;
  }

  private static boolean isZeroWeight(String parameter) {
    return parameter.matches("[qQ]=0(\\.0{0,3})?");
  }

  String refusalText(ServingPlan plan) {
    return switch (refusal == null ? Refusal.NOT_POST : refusal) {
      case UNKNOWN_CHAIN -> noChainText(plan);
      case ENCODING -> "Content-Encoding: not understood (expected: gzip or none)";
      default -> "not a JSON-RPC request";
    };
  }

  static String noChainText(ServingPlan plan) {
    return "path: no chain is served there (expected: " + String.join(" or ", plan.paths()) + ")";
  }

  ChainRuntime chain() {
    if (chain == null) {
      throw new IllegalStateException("the request was refused");
    }
    return chain;
  }

  /** What comes of the request to go on as WebSocket; null if it is none. */
  @Nullable Upgrade upgrade() {
    return upgrade;
  }

  /** Who asks to go on as WebSocket. */
  Visit visit(InetAddress address) {
    String name = chain().name();
    return new Visit("/" + name, name, apiKey, address);
  }

  /** Who asks which chain. */
  Asker asker(InetAddress address) {
    return new Asker(chain(), chain().clients().of(apiKey, address));
  }

  @Nullable Refusal refusal() {
    return refusal;
  }

  HttpHeaders headers() {
    return headers;
  }

  boolean isHttp10() {
    return http10;
  }

  boolean keepsAlive() {
    return keepsAlive;
  }

  boolean acceptsGzip() {
    return acceptsGzip;
  }

  boolean isGzipped() {
    return gzipped;
  }

  boolean expectsContinue() {
    return expectsContinue;
  }
}
