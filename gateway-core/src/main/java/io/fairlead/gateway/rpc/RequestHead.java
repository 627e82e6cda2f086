package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.Asker;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.websocket.Visit;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the rpc port needs to know of a request's head, read once, whatever version of HTTP it has.
 *
 * <p>Thread-safety: immutable.
 */
final class RequestHead {
  private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");

  /** Before the first request. */
  static final RequestHead NONE = new RequestHead();

  private final @Nullable ChainRuntime chain;
  private final @Nullable Refusal refusal;
  private final Fields fields;
  private final boolean acceptsGzip;
  private final boolean gzipped;
  private final boolean expectsContinue;
  private final @Nullable String apiKey;
  private final @Nullable String forwardedFor;
  private final boolean wantsNoBody;

  /** A request's fields. */
  @FunctionalInterface
  private interface Fields {
    /** The first value of a field; null if the request has none. */
    @Nullable String first(CharSequence name);
  }

  /**
   * What a request asks for.
   *
   * @param verb its method
   * @param target the path, with the query if there is one
   * @param upgrades whether it asks to go on as WebSocket
   */
  private record Wish(CharSequence verb, String target, boolean upgrades) {
    boolean is(HttpMethod method) {
      return method.asciiName().contentEquals(verb);
    }
  }

  private RequestHead() {
    chain = null;
    refusal = null;
    fields = name -> null;
    acceptsGzip = false;
    gzipped = false;
    expectsContinue = false;
    apiKey = null;
    forwardedFor = null;
    wantsNoBody = false;
  }

  private RequestHead(Wish wish, Fields fields, @Nullable String forwardedFor, ServingPlan plan) {
    this.fields = fields;
    this.forwardedFor = forwardedFor;
    wantsNoBody = wish.is(HttpMethod.HEAD);
    chain = plan.chainAt(wish.target());
    acceptsGzip = acceptsGzip(fields.first(HttpHeaderNames.ACCEPT_ENCODING));
    gzipped = names(fields.first(HttpHeaderNames.CONTENT_ENCODING), HttpHeaderValues.GZIP);
    expectsContinue = names(fields.first(HttpHeaderNames.EXPECT), HttpHeaderValues.CONTINUE);
    refusal = refusal(wish, plan);
    apiKey = refusal == null ? plan.keyIn(wish.target()) : null;
  }

  /**
   * Reads a head of HTTP/1.1.
   *
   * @param upgrades whether it asks to go on as WebSocket
   */
  static RequestHead of(HttpRequest request, ServingPlan plan, boolean upgrades) {
    Wish wish = new Wish(request.method().asciiName(), request.uri(), upgrades);
    HttpHeaders headers = request.headers();
    String forwardedFor =
        headers.contains(FORWARDED_FOR) ? String.join(",", headers.getAll(FORWARDED_FOR)) : null;
    return new RequestHead(wish, headers::get, forwardedFor, plan);
  }

  /** Reads a head of HTTP/2 that has the fields that every request has. */
  static RequestHead of(Http2Headers headers, ServingPlan plan) {
    Wish wish = new Wish(headers.method(), headers.path().toString(), false);
    return new RequestHead(wish, name -> text(headers.get(name)), forwardedFor(headers), plan);
  }

  /** The values of {@code x-forwarded-for} in their order; null for none. */
  static @Nullable String forwardedFor(Http2Headers headers) {
    return headers.contains(FORWARDED_FOR) ? String.join(",", headers.getAll(FORWARDED_FOR)) : null;
  }

  private static @Nullable String text(@Nullable CharSequence value) {
    return value == null ? null : value.toString();
  }

  private static boolean names(@Nullable String value, AsciiString word) {
    return value != null && word.contentEqualsIgnoreCase(value);
  }

  private @Nullable Refusal refusal(Wish wish, ServingPlan plan) {
    if (wish.is(HttpMethod.OPTIONS)) {
      return Refusal.PREFLIGHT;
    }
    if (!wish.upgrades() && !wish.is(HttpMethod.POST)) {
      return Refusal.NOT_POST;
    }
    if (chain == null) {
      return Refusal.UNKNOWN_CHAIN;
    }
    if (hasForeignEncoding()) {
      return Refusal.ENCODING;
    }
    return lengthBytes() > plan.limits().bodyBytes() ? Refusal.TOO_LARGE : null;
  }

  private boolean hasForeignEncoding() {
    String encoding = fields.first(HttpHeaderNames.CONTENT_ENCODING);
    return encoding != null && !gzipped && !names(encoding, HttpHeaderValues.IDENTITY);
  }

  /** The length that the request claims; 0 for none. The decoder has refused what is no number. */
  private long lengthBytes() {
    String length = fields.first(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
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
      case NOT_POST -> "verb: not understood (expected: POST)";
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

  /** The values of {@code X-Forwarded-For} in their order; null for none. */
  @Nullable String forwardedFor() {
    return forwardedFor;
  }

  /** Whether no answer has a body. */
  boolean wantsNoBody() {
    return wantsNoBody;
  }

  boolean wantsExplanation() {
    return "1".equals(fields.first(Answer.EXPLAIN));
  }

  /** The fields that a page wants to send, if a browser asks for it. */
  @Nullable String asksForFields() {
    return fields.first(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
  }

  /** Whether a browser asks for a page that is not of the private network. */
  boolean asksForPrivateNetwork() {
    return fields.first(HttpHeaderNames.ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK) != null;
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
