package io.fairlead.gateway.admin;

import io.fairlead.gateway.config.FairleadConfig.Token;
import io.fairlead.gateway.config.Secret;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets in whoever shows one of the tokens, and remembers whose it was; without tokens, everybody
 * whom TLS let in, and remembers the name in the certificate that was shown there.
 *
 * <p>Every token is compared whole each time, so that the time of an answer tells nothing.
 */
final class TokenGate implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "Bearer ";
  private static final Context.Key<String> AUTHOR = Context.key("fairlead-author");

  private final List<Token> tokens;

  TokenGate(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /** The name that belongs to what the call under way showed; empty where it need show nothing. */
  static Optional<String> author() {
    return Optional.ofNullable(AUTHOR.get());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (tokens.isEmpty()) {
      Optional<String> name = CertificateName.of(call.getAttributes());
      return name.isEmpty()
          ? next.startCall(call, headers)
          : Contexts.interceptCall(
              Context.current().withValue(AUTHOR, name.get()), call, headers, next);
    }
    Optional<String> author = authorOf(headers.get(AUTHORIZATION));
    if (author.isEmpty()) {
      Status refused =
          Status.UNAUTHENTICATED.withDescription(
              "authorization: absent or unknown (expected: Bearer and an admin token)");
      call.close(refused, new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Context context = Context.current().withValue(AUTHOR, author.get());
    return Contexts.interceptCall(context, call, headers, next);
  }

  private Optional<String> authorOf(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    Secret shown = Secret.of(authorization.substring(SCHEME.length()).trim());
    Optional<String> author = Optional.empty();
    for (Token token : tokens) {
      if (token.token().equals(shown)) { // constant time, see Secret
        author = Optional.of(token.name());
      }
    }
    return author;
  }
}
